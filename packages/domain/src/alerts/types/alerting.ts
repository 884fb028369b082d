/** The alert section of the catalog. */
import type { ReceiverSettings } from './receivers.ts'
import type { Inhibition, Route, TimeInterval } from './routing.ts'
import type { AlertRule } from './rules.ts'

export interface Alerting {
  /** in the catalog's order */
  readonly rules: ReadonlyMap<string, AlertRule>
  readonly receivers: ReadonlyMap<string, ReceiverSettings>
  /** null: nobody is told; alerts are shown, and that is all */
  readonly route: Route | null
  readonly intervals: ReadonlyMap<string, TimeInterval>
  readonly inhibitions: readonly Inhibition[]
}

export const NO_ALERTING: Alerting = {
  rules: new Map(),
  receivers: new Map(),
  route: null,
  intervals: new Map(),
  inhibitions: [],
}
