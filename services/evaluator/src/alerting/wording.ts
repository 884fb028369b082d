import type { AlertRule, Catalog, Wording } from '@kivi/domain'

/** What messages say besides the state of the alerts. */
export function wordingOf(catalog: Catalog, externalUrl: string | null): Wording {
  return {
    rules: catalog.alerting.rules,
    about: rule => aboutOf(catalog, rule),
    currency: catalog.currency,
    time: clockOf(catalog.timezone),
    externalUrl,
  }
}

const OWN_UNITS: Readonly<Record<string, string>> = {
  stalled: 'seconds',
  dead_letters: 'percent',
  undelivered: 'seconds',
}

function aboutOf({ indicators }: Catalog, rule: AlertRule): ReturnType<Wording['about']> {
  const indicator = rule.indicator === null ? undefined : indicators.get(rule.indicator)
  if (indicator !== undefined) return { label: indicator.label, unit: indicator.unit }
  return { label: { en: rule.id }, unit: OWN_UNITS[rule.condition.kind] ?? 'number' }
}

const clocks = new Map<string, (instant: number) => string>()

/** `2026-11-22 10:05` by the clock of a zone. */
function clockOf(timeZone: string): (instant: number) => string {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  // the Swedish way of writing times is the international one
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const clock = (instant: number): string => format.format(instant)
  clocks.set(timeZone, clock)
  return clock
}
