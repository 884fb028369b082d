/** A scenario: events, passing time, and what should be answered. */

export interface ScenarioFile {
  /** as it was named */
  readonly file: string
  readonly scenarios: readonly Scenario[]
}

export interface Scenario {
  readonly name: string
  readonly line: number
  /** in the order in which they arrive */
  readonly events: readonly ScenarioEvent[]
  /** in the order of their instants */
  readonly steps: readonly Step[]
  /** from when on alert rules are evaluated, epoch ms; null: from the first event on */
  readonly watchFrom: number | null
}

export interface ScenarioEvent {
  /** as a producer would send it */
  readonly event: Readonly<Record<string, unknown>>
  /** epoch ms: its record's stamp */
  readonly arrives: number
  readonly line: number
}

/** What is asked at an instant. */
export interface Step {
  /** epoch ms: everything that arrived before it is known, nothing else */
  readonly at: number
  /** of the window: parameters of the API */
  readonly window: Readonly<Record<string, string>>
  readonly by: readonly string[]
  readonly filter: Readonly<Record<string, readonly string[]>>
  readonly values: readonly Expectation[]
  /** by rule: all alerts that pend or fire, and those that ended since they were last asked for */
  readonly alerts: readonly ExpectedAlerts[]
}

export interface ExpectedAlerts {
  readonly rule: string
  readonly line: number
  readonly alerts: readonly ExpectedAlert[]
}

export interface ExpectedAlert {
  readonly line: number
  readonly labels: Readonly<Record<string, string>>
  readonly state: 'pending' | 'firing' | 'resolved'
  /** epoch ms; null: whenever */
  readonly since: number | null
  readonly until: number | null
  /** undefined: whatever it is */
  readonly value: number | null | undefined
}

/** What of an alert may be expected; all else are labels. */
export const ALERT_KEYS = ['state', 'since', 'until', 'value'] as const

export interface Expectation {
  readonly indicator: string
  readonly line: number
  readonly expected: Expected
  /** by the values of the group, joined by a comma */
  readonly groups: ReadonlyMap<string, { readonly line: number; readonly expected: Expected }> | null
}

/** Fields of the answer, as far as they are told. */
export type Expected = Readonly<Record<string, unknown>>

/** What of an answer may be expected. */
export const EXPECTED_KEYS = [
  'value',
  'reason',
  'parts',
  'n',
  'interval',
  'target',
  'attainment',
  'status',
  'complete',
  'provisional',
  'provisional_until',
  'watermark',
  'from',
  'to',
] as const
