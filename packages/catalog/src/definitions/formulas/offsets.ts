import { type Offset, parseWindow } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { PERIODS } from '../targets.ts'
import { readName } from './names.ts'

const NAMED = ['previous', 'week', 'year'] as const
const END_OF = PERIODS.map(period => `end_of_${period}` as const)

/** what `against` may be, for editors */
export const AGAINST = [...NAMED, ...END_OF]

/** `against: previous`, `week`, `year`, `end_of_quarter`, or a length such as `28d`. */
export function readAgainst(mapping: Mapping): Offset | undefined {
  const text = mapping.text('against')
  if (text === undefined) return undefined
  const named = NAMED.find(name => name === text)
  if (named) return { kind: named }
  const period = PERIODS.find(name => `end_of_${name}` === text)
  if (period) return { kind: 'end_of', period }
  const length = parseWindow(text)
  if (length.ok) return { kind: 'length', ms: length.ms }
  const suggestion = /^\d/.test(text) ? sentence(length.reason) : didYouMean(text, AGAINST)
  mapping.source.report(
    mapping.at('against'),
    'wrong_value',
    `against of ${mapping.what} cannot be '${text}'.`,
    suggestion ?? `Known are ${AGAINST.join(', ')}, and lengths such as 28d.`,
  )
  return undefined
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

type Offsets = Map<string, { of: string; offset: Offset }>

/** `offsets: { revenue_before: { of: revenue, against: previous } }`; null where one could not be read. */
export function readOffsets(mapping: Mapping, ids: ReadonlySet<string>): Offsets | null {
  const offsets: Offsets = new Map()
  const section = mapping.mapping('offsets', `offsets of ${mapping.what}`, null)
  if (section === undefined) return mapping.has('offsets') ? null : offsets
  let whole = true
  const entries = section.entries(name => `offset ${name} of ${mapping.what}`, { known: ['of', 'against'] })
  for (const [name, entry] of entries) {
    const free = isFree(name, entry, ids)
    const told = entry.require('of', 'against')
    const of = told ? readName(entry, 'of', ids) : undefined
    const offset = told ? readAgainst(entry) : undefined
    if (free && of !== undefined && offset !== undefined) offsets.set(name, { of, offset })
    else whole = false
  }
  return whole && entries.length === section.names.length ? offsets : null
}

function isFree(name: string, entry: Mapping, ids: ReadonlySet<string>): boolean {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    entry.source.report(
      entry.keyOf(),
      'bad_id',
      `${name} cannot be the name of an offset: small letters, digits and _ only, a letter first, at most 64.`,
    )
    return false
  }
  if (!ids.has(name)) return true
  entry.source.report(
    entry.keyOf(),
    'duplicate_id',
    `${name} is a measure or indicator already; as ${entry.what} it would mean another window of it.`,
    `Name it ${name}_before, for example.`,
  )
  return false
}
