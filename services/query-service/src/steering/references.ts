import type { PostedReference, Reference, ReferenceValue } from '@kivi/domain'
import { parse } from 'csv-parse/sync'
import { ProblemError } from '../http/problems.ts'
import { assertDimension } from '../http/unknown.ts'
import { formatTime, parseTime } from '../questions/times.ts'

export interface SentReference {
  readonly value: number
  readonly from: string
  readonly until?: string
  readonly by?: Readonly<Record<string, string>>
}

export interface ReferenceItem {
  readonly value: number
  readonly from: string
  readonly until: string | null
  readonly by: Readonly<Record<string, string>>
}

export function readReferences(
  reference: Reference,
  items: readonly SentReference[],
  setBy: string,
  now: number,
): PostedReference[] {
  return items.map((item, index) => {
    const at = (name: string) => `items/${index}/${name}`
    const by = item.by ?? {}
    for (const field of Object.keys(by)) assertDimension(field, { id: reference.name, ...reference }, at('by'))
    const from = parseTime(item.from, at('from'))
    const until = item.until === undefined ? null : parseTime(item.until, at('until'))
    if (reference.kind === 'flow' && until === null)
      throw new ProblemError('invalid_parameter', `${reference.name} is a sum over a time: say until when.`, {
        parameter: at('until'),
      })
    if (until !== null && until <= from)
      throw new ProblemError('invalid_parameter', `${at('until')} is not after from.`, { parameter: at('until') })
    return { reference: reference.name, value: { value: item.value, from, until, by }, setBy, setAt: now }
  })
}

/** Columns from, value, optionally until; every other one is a dimension. */
export function readReferenceCsv(text: string): SentReference[] {
  let rows: Array<Record<string, string>>
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    throw new ProblemError('invalid_request', `The body is no CSV: ${(error as Error).message}.`)
  }
  return rows.map((row, index) => {
    const { from, until, value, ...by } = row
    const number = Number(value)
    if (from === undefined || value === undefined || value === '' || !Number.isFinite(number))
      throw new ProblemError(
        'invalid_parameter',
        `Row ${index + 1} of the CSV needs the columns from (an RFC 3339 time) and value (a number).`,
        { parameter: `items/${index}/${from === undefined ? 'from' : 'value'}` },
      )
    return { from, value: number, by, ...(until === undefined || until === '' ? {} : { until }) }
  })
}

export const referenceItem = ({ value, from, until, by }: ReferenceValue): ReferenceItem => ({
  value,
  from: formatTime(from),
  until: until === null ? null : formatTime(until),
  by,
})
