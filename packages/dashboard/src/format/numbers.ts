import { language, locale, spoken, type Words } from '../settings/language.ts'
import { place } from './place.ts'

/** From here on a number is told in millions and the like where it has little room; its title has all digits. */
const LARGE = 10_000_000
const UNITLESS = new Set(['', 'count', 'number', 'score'])
const UNITS: Words<Readonly<Record<string, string>>> = {
  en: { seconds: 's', minutes: 'min', hours: 'h' },
  zh: { seconds: '秒', minutes: '分钟', hours: '小时', days: '天', months: '个月' },
}

export interface ValueOptions {
  /** `short` (default) fits a card, `full` has all digits that mean anything */
  readonly digits?: 'short' | 'full'
  /** a plus before what is more than zero */
  readonly signed?: boolean
}

/** A value of an indicator in its unit, in the chosen language and the catalog's currency. */
export function formatValue(
  value: number,
  unit: string,
  { digits = 'short', signed = false }: ValueOptions = {},
): string {
  const short = digits === 'short'
  const size = Math.abs(value)
  const compact: Intl.NumberFormatOptions =
    short && size >= LARGE ? { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 2 } : {}
  const common: Intl.NumberFormatOptions = { ...compact, ...(signed ? { signDisplay: 'exceptZero' } : {}) }
  if (unit === 'percent')
    return number({ style: 'percent', maximumFractionDigits: size >= 10 ? 0 : 2, ...common }, value)
  if (unit === 'money') {
    const fraction = short && size >= 1000 ? 0 : 2
    const fractions = { minimumFractionDigits: fraction, maximumFractionDigits: fraction }
    const { currency } = place.value
    return currency === ''
      ? number({ ...fractions, ...common }, value)
      : number({ style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...fractions, ...common }, value)
  }
  const shown = number({ maximumFractionDigits: short && size >= 1000 ? 0 : 2, ...common }, value)
  return UNITLESS.has(unit) ? shown : `${shown} ${spoken(UNITS)[unit] ?? unit}`
}

/** A part of a whole: 0.1234 is 12 %. */
export const formatShare = (share: number, digits = 0): string =>
  number({ style: 'percent', maximumFractionDigits: digits }, share)

/** By how much something changed, relative to before: 0.05 is +5 %. */
export const formatChange = (change: number): string =>
  number({ style: 'percent', maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0, signDisplay: 'exceptZero' }, change)

/** How many of something. */
export const formatCount = (count: number): string => number({ maximumFractionDigits: 0 }, count)

/** A list of words: a, b and c. */
export const formatList = (items: readonly string[]): string => new Intl.ListFormat(locale()).format(items)

// making a formatter costs far more than using one, and there are few of them
const formats = new Map<string, Intl.NumberFormat>()

function number(options: Intl.NumberFormatOptions, value: number): string {
  const key = `${language.value} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(locale(), options)
    formats.set(key, format)
  }
  return format.format(value)
}
