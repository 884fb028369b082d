/**
 * What the format has room for and this version refuses, with where it will belong. docs/catalog.md shows an
 * example of each, and a test holds that each of those is refused with code `planned`.
 */
export const PLANNED_SECTIONS: Readonly<Record<string, string>> = {
  entities: 'rows folded from the events of one key (tickets, sessions, subscriptions), over which measures aggregate.',
  segments: 'named groups of persons, by fixed limits or by quantiles.',
  references: 'figures that no event carries, as dated series.',
  alerts: 'rules that tell people when an indicator goes wrong.',
  funnels: 'ordered steps within a window.',
  goals: 'events that count as a conversion.',
}

export const PLANNED_SETTINGS: Readonly<Record<string, string>> = {
  identity: 'how anonymous ids become users.',
  active: 'which events make a person active.',
  attribution: 'the conversion, window and touch that earn a purchase its credit.',
  sessions: 'the gap that ends a session.',
  business_hours: 'the hours that count in a business-hours variant.',
  invalid_traffic: 'the events that are flagged and left out.',
  ltv: 'the expected months of a customer.',
}

export const PLANNED_MEASURE_KEYS: Readonly<Record<string, string>> = {
  entity: 'measures over entities instead of events.',
  at: 'the time by which an entity counts.',
  follow_up: 'a window after it in which the answer is provisional.',
  weights: 'weights of the values of one field.',
  as_of: 'levels as of an instant.',
}

export const PLANNED_AGGREGATIONS: Readonly<Record<string, string>> = {
  last: 'the latest value of each key, for levels such as stock or MRR.',
  median_gap: 'gaps between the successive events of one person.',
}

export const PLANNED_INDICATOR_TYPES: Readonly<Record<string, string>> = {
  conversion: 'persons or events followed by another event within a window.',
  retention: 'persons active again, by cohort or by period.',
  cumulative: 'a running value over a window or since the start of a period.',
  growth: 'change against a period before.',
  share: 'a part of the whole by one dimension.',
  level: 'a value as of an instant.',
  funnel: 'the conversion of ordered steps.',
}

export const PLANNED_INDICATOR_KEYS: Readonly<Record<string, string>> = {
  benchmarks: "the industry's figures beside the value.",
  record: 'a schedule on which a costly indicator is computed into points.',
  interval: 'the method of its confidence interval.',
  formerly: 'the id that it had before.',
}

export const PLANNED_TARGET_KEYS: Readonly<Record<string, string>> = {
  change: 'a change from a baseline.',
  baseline: 'the period from which a change is counted.',
}
