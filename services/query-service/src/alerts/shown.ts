/** An alert as the API tells it. */
import {
  type AlertAnswer,
  type AlertInstance,
  type AlertRule,
  type AlertState,
  type Catalog,
  createZone,
  formatWindow,
  type Indicator,
  isAcknowledged,
  renderAnnotations,
  type Seen,
  type Silence,
  silenceOf,
} from '@kivi/domain'
import type { View } from '../access/view.ts'
import { formatTime } from '../questions/times.ts'

export type Language = 'en' | 'zh'
export type ShownState = AlertAnswer['state']

/** What of an instance is worth showing; null: nothing happened yet. */
export function stateOf({ phase, decided }: AlertInstance): ShownState | null {
  if (phase === 'pending') return 'pending'
  if (phase === 'firing' || phase === 'keeping') return 'firing'
  return decided > 0 ? 'resolved' : null
}

/** Limited keys see rules about their indicators; those about Kivi itself are not theirs. */
export function seesRule(view: View, { indicator }: AlertRule, catalog: Catalog): boolean {
  if (view.scope === null) return true
  const about = catalog.indicators.get(indicator ?? '')
  return about !== undefined && view.sees(about)
}

/**
 * Limited keys see alerts about their indicators and their segments; those about Kivi itself, and about everything
 * together, are not theirs.
 */
export function seesAlert(view: View, { labels }: Pick<AlertInstance, 'labels'>, catalog: Catalog): boolean {
  if (view.scope === null) return true
  const indicator = catalog.indicators.get(labels['indicator'] ?? '')
  return indicator !== undefined && view.sees(indicator) && view.seesSegment(labels)
}

export interface Showing {
  readonly state: AlertState
  readonly catalog: Catalog
  readonly language: Language
  readonly now: number
  /** the alert that keeps this one from being told; null: none */
  readonly inhibitedBy: (instance: AlertInstance) => AlertInstance | null
}

export function alertAnswer(instance: AlertInstance, showing: Showing): AlertAnswer {
  const { state, catalog, now } = showing
  const { id, labels, rule, severity, seen, transitions } = { ...instance, seen: seenOf(instance) }
  const shown = stateOf(instance) ?? 'resolved'
  const indicator = indicatorOf(instance, catalog)
  const definition = catalog.alerting.rules.get(rule)
  const acknowledgement = state.acknowledgements.get(id)?.acknowledgement
  const acknowledged = isAcknowledged(
    acknowledgement === undefined ? new Map() : new Map([[id, acknowledgement]]),
    instance,
  )
  const ended = shown === 'resolved' ? (instance.endedAt ?? transitions.at(-1)?.instant ?? null) : null
  return {
    id,
    alert: rule,
    indicator: indicator?.id ?? null,
    state: shown,
    severity,
    labels,
    annotations: annotationsOf(instance, indicator, showing),
    since: formatTime(shown === 'pending' ? instance.since : instance.startsAt),
    ended: ended === null ? null : formatTime(ended),
    fires_at: shown !== 'pending' || definition === undefined ? null : formatTime(instance.since + definition.forMs),
    value: seen?.value ?? null,
    target: seen?.target ?? null,
    threshold: definition === undefined ? null : thresholdOf(definition, seen),
    unit: indicator?.unit ?? null,
    muted: shown === 'resolved' ? [] : mutedBy(instance, showing),
    acknowledged:
      acknowledgement === undefined || !acknowledged
        ? null
        : {
            by: acknowledgement.author,
            at: formatTime(acknowledgement.setAt),
            comment: acknowledgement.comment,
          },
    receivers: Object.entries(instance.told).map(([name, told]) => ({
      name,
      told: told.number >= instance.decided && instance.decided > 0,
      at: told.at === null ? null : formatTime(told.at),
    })),
  }

  function mutedBy(one: AlertInstance, { inhibitedBy }: Showing): AlertAnswer['muted'] {
    const silence = silenceOf(silencesOf(state), one.labels, now)
    const source = inhibitedBy(one)
    return [
      ...(silence === null ? [] : [{ by: 'silence', id: silence.id, until: formatTime(silence.until) } as const]),
      ...(source === null ? [] : [{ by: 'inhibition', alert: source.rule } as const]),
    ]
  }
}

/** Silences as whoever leads knows them: these are what counts. */
export const silencesOf = (state: AlertState): Silence[] => [...state.silences.values()].map(({ silence }) => silence)

/** What was seen when the instance last changed what it is. */
const seenOf = ({ phase, seen, transitions }: AlertInstance): Seen | null =>
  (phase === 'pending' ? seen : transitions.at(-1)?.seen) ?? null

/** What the value was held against, in its own unit; null: that is not one number. */
function thresholdOf({ condition }: AlertRule, seen: Seen | null): number | null {
  switch (condition.kind) {
    case 'expression':
      return seen === null ? null : condition.fires.threshold({ target: seen.target, n: seen.n, ...seen.compared })
    case 'stalled':
      return condition.behindMs / 1000
    case 'dead_letters':
      return condition.share
    case 'undelivered':
      return condition.forMs / 1000
    default:
      return null
  }
}

export const indicatorOf = ({ labels }: Pick<AlertInstance, 'labels'>, catalog: Catalog): Indicator | undefined =>
  catalog.indicators.get(labels['indicator'] ?? '')

function annotationsOf(
  instance: AlertInstance,
  indicator: Indicator | undefined,
  { catalog, language }: Showing,
): Record<string, string> {
  const rule = catalog.alerting.rules.get(instance.rule)
  if (rule === undefined) return {}
  const nothing = { value: null, target: null, n: 0, compared: {} }
  return renderAnnotations(
    rule,
    instance,
    { seen: seenOf(instance) ?? nothing, startsAt: instance.startsAt < 0 ? instance.since : instance.startsAt },
    {
      units: { unit: indicator?.unit ?? 'number', currency: catalog.currency },
      label: indicator?.label ?? { en: instance.rule },
      language,
      time: instant => localTime(instant, catalog.timezone),
      window: rule.windowMs > 0 ? formatWindow(rule.windowMs) : '',
    },
  )
}

/** `2026-11-22 10:04` by the clock of the catalog's zone. */
function localTime(instant: number, timezone: string): string {
  const local = instant + createZone(timezone).offset(instant)
  return new Date(local).toISOString().slice(0, 16).replace('T', ' ')
}
