/** Units of values. `money` is the catalog's currency; `percent` is served as a fraction (0.02 is 2 %). */
export const UNITS = [
  'count',
  'money',
  'percent',
  'score',
  'seconds',
  'minutes',
  'hours',
  'days',
  'months',
  'times',
  'number',
] as const
