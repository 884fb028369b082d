/** Why a value is null, or a zero of which nothing should be concluded. */
export const REASONS = {
  no_data: 'nothing is known of the window yet, or nothing in it has the number that is asked for',
  zero_denominator: 'the denominator is zero, so that there is no ratio',
  after_newest_event: 'the window begins after the newest event that Kivi has',
  previous_not_positive: 'the value before is zero or less, so that growth from it means nothing',
  reference_missing: 'no reference value is given for that time',
  too_few: 'there are too few periods or days in the window to say anything',
  not_recorded: 'it is computed on a schedule, and not yet for this window',
  too_costly: 'computing it takes longer than an answer may: it should be recorded on a schedule',
} as const
export type Reason = keyof typeof REASONS

/** Why a value has no interval, where its indicator has a method for one. */
export const INTERVAL_REASONS = {
  too_few: 'fewer than two persons (or days, of events that have nobody) stand behind the value',
  not_a_share: 'more were counted above than below the line, so that it is no share',
  raw_events_gone: 'who did what is told by raw events, and those of the window are not kept any more',
  too_costly: 'telling persons apart in so many events or groups takes longer than an answer may',
  as_of_the_past: 'it is asked as of an instant of the past, and an interval is made of what is known now',
} as const
export type IntervalReason = keyof typeof INTERVAL_REASONS
