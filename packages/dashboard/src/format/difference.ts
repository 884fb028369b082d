import { locale, spoken, type Words } from '../settings/language.ts'
import { formatValue } from './numbers.ts'

const POINTS: Words<string> = { en: 'pp', zh: '个百分点' }

/** How much more one value is than another: of percentages in percentage points, which are no percentages. */
export function formatDifference(difference: number, unit: string): string {
  if (unit !== 'percent') return formatValue(difference, unit, { signed: true })
  const points = new Intl.NumberFormat(locale(), { maximumFractionDigits: 2, signDisplay: 'exceptZero' })
  return `${points.format(100 * difference)} ${spoken(POINTS)}`
}
