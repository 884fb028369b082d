import { formatValue } from '../../format/numbers.ts'
import { place } from '../../format/place.ts'
import { locale } from '../../settings/language.ts'
import { digitsFor, significant } from './axis-digits.ts'

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

const told = (at: readonly number[], options: Intl.NumberFormatOptions): string[] => {
  const format = new Intl.NumberFormat(locale(), options)
  return at.map(value => format.format(value))
}
