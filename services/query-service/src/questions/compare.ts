/** What a value can be compared with: the window before, or the same by the local clock a week or a year ago. */
export type Comparison = 'previous' | 'week' | 'year'
