import type { Reference, Zone } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import type { Problem } from '../../problems.ts'
import { didYouMean } from '../../suggest.ts'
import { readInstant } from '../dates.ts'
import { MOST_DIMENSIONS, readKnownUnit } from '../measures.ts'
import { labelOf, readText } from '../text.ts'
import type { PlacedValue } from './placed-value.ts'
import { readReferenceFile } from './reference-file.ts'

export const REFERENCE_KEYS: Keys = { known: ['label', 'unit', 'kind', 'dimensions', 'values', 'file'] }
export const VALUE_KEYS: Keys = { known: ['from', 'until', 'value', 'by'] }
export const REFERENCE_KINDS: readonly Reference['kind'][] = ['level', 'flow']

/** where files with the values of references are, in the catalog's directory */
export const REFERENCE_FOLDER = 'references'

const DIMENSION = /^([a-z][a-z0-9_]{0,63}|properties\.[^\s'"\\]{1,100})$/

/** Reads one reference; what is wrong is reported, and null returned where nothing usable is left. */
export function readReference(
  name: string,
  mapping: Mapping,
  zone: Zone,
  files: ReadonlyMap<string, string>,
  problems: Problem[],
): Reference | null {
  const kind = mapping.has('kind') ? mapping.oneOf('kind', REFERENCE_KINDS) : 'level'
  const dimensions = readDimensions(mapping)
  if (mapping.has('values') && mapping.has('file'))
    mapping.source.report(
      mapping.keyAt('file'),
      'unknown_key',
      `${mapping.what} has both values and file.`,
      'Keep one of them.',
    )
  if (kind === undefined) return null
  const values = mapping.has('file')
    ? readFile(mapping, { dimensions, zone, files, problems })
    : mapping
        .mappings('values', `a value of ${mapping.what}`, VALUE_KEYS)
        .flatMap(value => readValue(value, dimensions, zone) ?? [])
  checkValues(values, kind, mapping.what)
  return {
    name,
    label: readText(mapping, 'label') ?? labelOf(name),
    unit: readKnownUnit(mapping) ?? 'number',
    kind,
    dimensions,
    values: values.map(({ value, from, until, by }) => ({ value, from, until, by })).sort((a, b) => a.from - b.from),
  }
}

function readDimensions(mapping: Mapping): string[] {
  const dimensions: string[] = []
  for (const { value, node } of mapping.texts('dimensions') ?? []) {
    if (!DIMENSION.test(value))
      mapping.source.report(
        node,
        'bad_id',
        `${value} cannot name a dimension of ${mapping.what}.`,
        'Name one of the events, such as region.',
      )
    else if (dimensions.includes(value))
      mapping.source.report(node, 'duplicate_id', `dimensions of ${mapping.what} name ${value} twice.`)
    else dimensions.push(value)
  }
  if (dimensions.length > MOST_DIMENSIONS)
    mapping.source.report(
      mapping.at('dimensions'),
      'wrong_value',
      `${mapping.what} has ${dimensions.length} dimensions; ${MOST_DIMENSIONS} are allowed.`,
    )
  return dimensions
}

function readFile(
  mapping: Mapping,
  context: {
    readonly dimensions: readonly string[]
    readonly zone: Zone
    readonly files: ReadonlyMap<string, string>
    readonly problems: Problem[]
  },
): PlacedValue[] {
  const name = mapping.text('file')
  if (name === undefined) return []
  const path = `${REFERENCE_FOLDER}/${name}`
  const text = context.files.get(path)
  if (text !== undefined) return readReferenceFile(path, text, context)
  const known = [...context.files.keys()].filter(file => file.startsWith(`${REFERENCE_FOLDER}/`))
  mapping.source.report(
    mapping.at('file'),
    'unknown_name',
    `file of ${mapping.what}: there is no ${path} in the catalog.`,
    didYouMean(
      name,
      known.map(file => file.slice(REFERENCE_FOLDER.length + 1)),
    ) ?? `Put it into the directory ${REFERENCE_FOLDER}.`,
  )
  return []
}

function readValue(mapping: Mapping, dimensions: readonly string[], zone: Zone): PlacedValue | null {
  if (!mapping.require('from', 'value')) return null
  const value = mapping.number('value')
  const from = readInstant(mapping, 'from', zone)
  const until = readInstant(mapping, 'until', zone) ?? null
  if (value === undefined || from === undefined || (until === null && mapping.has('until'))) return null
  const by: Record<string, string> = {}
  const told = mapping.mapping('by', `by of ${mapping.what}`, null)
  for (const name of told?.names ?? []) {
    if (!dimensions.includes(name))
      mapping.source.report(
        told!.keyAt(name),
        'unknown_name',
        `by of ${mapping.what}: it has no dimension ${name}.`,
        didYouMean(name, dimensions) ?? `Add dimensions: [${name}] to the reference.`,
      )
    const text = told!.text(name)
    if (text !== undefined) by[name] = text
  }
  const place = { missing_key: mapping.node, bad_date: mapping.at('until') } as const
  return {
    ...{ value, from, until, by },
    refuse: (code, message, advice) =>
      mapping.source.report(code in place ? place[code as keyof typeof place] : mapping.node, code, message, advice),
  }
}

/** What can only be said of a series as a whole. */
function checkValues(values: readonly PlacedValue[], kind: Reference['kind'], what: string): void {
  const last = new Map<string, PlacedValue>()
  for (const value of [...values].sort((a, b) => a.from - b.from)) {
    if (kind === 'flow' && value.until === null)
      value.refuse('missing_key', `a value of ${what} needs until: a flow is what came between two dates.`)
    if (value.until !== null && value.until <= value.from) {
      value.refuse('bad_date', `until of a value of ${what} is not after from.`)
      continue
    }
    const segment = JSON.stringify(Object.entries(value.by).sort())
    const earlier = last.get(segment)
    // a level holds until the next one, so that only its own until can be later
    const overlaps = earlier && (earlier.from === value.from || (earlier.until !== null && earlier.until > value.from))
    if (overlaps)
      value.refuse(
        'overlapping_values',
        `a value of ${what} begins while another one holds for the same segment.`,
        'Give the earlier one an until that is not after this one’s from.',
      )
    last.set(segment, value)
  }
}
