import { locale } from '../settings/language.ts'

const STEPS = [
  { unit: 'second', seconds: 1 },
  { unit: 'minute', seconds: 60 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'day', seconds: 86_400 },
] as const

/** A length of time in the unit that says it shortest: 95 is 1.6 minutes. */
export function formatSeconds(seconds: number): string {
  const step = STEPS.findLast(one => seconds >= one.seconds) ?? STEPS[0]
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: step.unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  }).format(seconds / step.seconds)
}
