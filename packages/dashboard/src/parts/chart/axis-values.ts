import { formatValue } from '../../format/numbers.ts'
import { place } from '../../format/place.ts'
import { locale } from '../../settings/language.ts'

/** From here on a number beside an axis is told in thousands (Chinese: tens of thousands). */
const LARGE = 10_000

/** Texts beside an axis: as short as still tells neighbours apart. */
export function formatAxis(at: readonly number[], unit: string): string[] {
  const [first = 0, second = first] = at
  const apart = Math.abs(second - first) * (unit === 'percent' ? 100 : 1)
  const size = Math.max(...at.map(Math.abs))
  const fraction = { minimumFractionDigits: 0, maximumFractionDigits: digitsFor(apart) }
  const short: Intl.NumberFormatOptions =
    size >= LARGE ? { notation: 'compact', maximumSignificantDigits: significant(size, apart) } : fraction
  if (unit === 'percent') return told(at, { style: 'percent', ...fraction })
  if (unit === 'money') {
    const { currency } = place.value
    return told(
      at,
      currency === '' ? short : { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...short },
    )
  }
  const [sample = ''] = told([1], {})
  const suffix = formatValue(1, unit).slice(sample.length)
  return told(at, short).map(text => `${text}${suffix}`)
}

const digitsFor = (apart: number): number =>
  apart > 0 && apart < 1 ? Math.min(6, Math.ceil(-Math.log10(apart) - 1e-9) + (isRound(apart) ? 0 : 1)) : 0

const significant = (size: number, apart: number): number =>
  apart > 0 ? Math.min(9, Math.max(1, Math.ceil(Math.log10(size / apart)) + 1)) : 3

/** 0.1, 0.2, 0.05 need one digit less than 0.25. */
const isRound = (apart: number): boolean => {
  const lead = apart / 10 ** Math.floor(Math.log10(apart) + 1e-9)
  return Math.abs(lead - Math.round(lead)) < 1e-6
}

const told = (at: readonly number[], options: Intl.NumberFormatOptions): string[] => {
  const format = new Intl.NumberFormat(locale(), options)
  return at.map(value => format.format(value))
}
