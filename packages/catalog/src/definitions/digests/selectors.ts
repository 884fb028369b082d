/** Which indicators a digest is about: by their ids, or by what they have in common. */
import type { Catalog, DigestSelector } from '@kivi/domain'
import { isMap, isScalar, isSeq } from 'yaml'
import { type Keys, Mapping } from '../../mapping.ts'
import type { Node } from '../../source.ts'
import { didYouMean } from '../../suggest.ts'
import { LEVELS } from '../indicators.ts'

const SELECTORS = ['indicator', 'level', 'owner', 'strategy', 'north_star', 'board'] as const
export const SELECTOR_KEYS: Keys = { known: [...SELECTORS, 'by', 'top'] }
/** a reader looks at so many groups of an indicator */
export const MOST_GROUPS = 20
const GROUPS = 5

export interface SelectorWorld {
  readonly catalog: Pick<Catalog, 'indicators'>
}

export function readSelectors(mapping: Mapping, world: SelectorWorld): DigestSelector[] {
  const node = mapping.value('indicators')
  const { source } = mapping
  if (!isSeq(node) || node.items.length === 0) {
    source.report(
      mapping.at('indicators'),
      'wrong_type',
      `indicators of ${mapping.what} must be a list.`,
      'Write [revenue, { indicator: ctr, by: campaign }, { north_star: true }].',
    )
    return []
  }
  return node.items.flatMap(item => readSelector(mapping, source.resolve(item) ?? node, world) ?? [])
}

function readSelector(mapping: Mapping, node: Node, world: SelectorWorld): DigestSelector | null {
  if (isScalar(node) && typeof node.value === 'string') {
    const known = isIndicator(mapping, node, node.value, world)
    return known ? { kind: 'indicator', indicator: node.value, by: null, top: 0 } : null
  }
  const what = `an entry of indicators of ${mapping.what}`
  if (!isMap(node)) {
    mapping.source.report(node, 'wrong_type', `${what} is neither an id nor a mapping.`)
    return null
  }
  const entry = Mapping.read(mapping.source, node, what, SELECTOR_KEYS)
  const kinds = SELECTORS.filter(key => entry?.has(key))
  const [kind] = kinds
  if (entry === undefined || kind === undefined || kinds.length > 1) {
    const message = `${what} must say one of ${SELECTORS.join(', ')}.`
    mapping.source.report(node, kind === undefined ? 'missing_key' : 'wrong_value', message)
    return null
  }
  if (kind === 'indicator') return readNamed(entry, world)
  for (const key of ['by', 'top'])
    if (entry.has(key))
      entry.source.report(entry.keyAt(key), 'unknown_key', `${what}: ${key} is of an entry that names one indicator.`)
  if (kind === 'north_star' || kind === 'board') return readFlag(entry, kind)
  const is = kind === 'level' ? entry.oneOf('level', LEVELS) : entry.text(kind)
  if (is === undefined) return null
  const values = new Set([...world.catalog.indicators.values()].flatMap(indicator => indicator[kind] ?? []))
  if (values.has(is)) return { kind, is }
  entry.source.report(
    entry.at(kind),
    'unknown_name',
    `${what}: no indicator has ${kind} ${is}.`,
    didYouMean(is, values),
  )
  return null
}

function readFlag(entry: Mapping, kind: 'north_star' | 'board'): DigestSelector | null {
  const flag = entry.boolean(kind)
  if (flag === undefined || flag) return flag ? { kind } : null
  entry.source.report(
    entry.at(kind),
    'wrong_value',
    `${kind} of ${entry.what} can only be true.`,
    'Leave the entry out.',
  )
  return null
}

function readNamed(entry: Mapping, world: SelectorWorld): DigestSelector | null {
  const indicator = entry.text('indicator')
  if (indicator === undefined || !isIndicator(entry, entry.at('indicator'), indicator, world)) return null
  const by = entry.text('by') ?? null
  const top = entry.number('top')
  const dimensions = world.catalog.indicators.get(indicator)?.dimensions ?? []
  if (by !== null && !dimensions.includes(by)) {
    const message = `by of ${entry.what}: ${indicator} cannot be asked by ${by}.`
    entry.source.report(entry.at('by'), 'unknown_name', message, didYouMean(by, dimensions))
    return null
  }
  if (by === null && top !== undefined)
    entry.source.report(entry.keyAt('top'), 'missing_key', `top of ${entry.what} needs by: which groups are meant.`)
  if (top !== undefined && !(Number.isInteger(top) && top >= 1 && top <= MOST_GROUPS))
    entry.source.report(entry.at('top'), 'wrong_value', `top of ${entry.what} is ${top}: expected 1 to ${MOST_GROUPS}.`)
  return { kind: 'indicator', indicator, by, top: by === null ? 0 : (top ?? GROUPS) }
}

function isIndicator(mapping: Mapping, node: Node, id: string, { catalog }: SelectorWorld): boolean {
  if (catalog.indicators.has(id)) return true
  const message = `indicators of ${mapping.what}: there is no indicator or measure ${id}.`
  mapping.source.report(node, 'unknown_name', message, didYouMean(id, catalog.indicators.keys()))
  return false
}
