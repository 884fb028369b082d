/** Numbers as a person at a terminal reads them. */

export function formatValue(value: number | null, unit: string, currency: string | null = null): string {
  if (value === null) return '–'
  switch (unit) {
    case 'percent':
      return `${number(value * 100, 2)} %`
    case 'money':
    case 'currency':
      return `${number(value, 2)}${currency === null ? '' : ` ${currency}`}`
    case 'seconds':
      return seconds(value)
    default:
      return number(value, Math.abs(value) < 100 && !Number.isInteger(value) ? 2 : 0)
  }
}

const number = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

function seconds(value: number): string {
  if (value < 120) return `${number(value, 1)} s`
  return value < 7200 ? `${number(value / 60, 1)} min` : `${number(value / 3600, 1)} h`
}

const BARS = '▁▂▃▄▅▆▇█'

/** A line of little bars; a gap where there is no value. */
export function sparkLine(values: ReadonlyArray<number | null>): string {
  const known = values.filter(value => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return values
    .map(value => (value === null ? ' ' : BARS[high === low ? 3 : Math.round(((value - low) / (high - low)) * 7)]))
    .join('')
}

/** Columns as wide as their widest cell. */
export function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
