import { signal } from '@preact/signals'
import type { Alert } from '../../api/alerts.ts'

/** What was acknowledged on this page, by alert and firing: shown at once, until whoever leads tells it too. */
const said = signal<ReadonlyMap<string, NonNullable<Alert['acknowledged']>>>(new Map())

const keyOf = ({ id, since }: Alert) => `${id} ${since}`

export function rememberAcknowledged(alert: Alert): void {
  if (alert.acknowledged !== null) said.value = new Map([...said.peek(), [keyOf(alert), alert.acknowledged]])
}

export const acknowledgedOf = (alert: Alert): Alert['acknowledged'] =>
  alert.acknowledged ?? said.value.get(keyOf(alert)) ?? null
