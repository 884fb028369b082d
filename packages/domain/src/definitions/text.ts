/** What people read, in the languages of the dashboard. */
export interface Text {
  readonly en: string
  readonly zh?: string
}
