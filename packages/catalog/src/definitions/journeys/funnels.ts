import type { Funnel, FunnelMeasure, FunnelStep } from '@kivi/domain'
import { versionOf } from '../../hash.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { type EventWorld, readEventNames, scopeOfSelections, selectionsOf } from '../event-selections.ts'
import { readTraffic } from '../invalid-traffic.ts'
import { MOST_DIMENSIONS } from '../measures.ts'
import { labelOf, readText } from '../text.ts'
import { readLength } from './attributions.ts'

export const FUNNEL_KEYS: Keys = { known: ['label', 'within', 'steps', 'dimensions', 'traffic'] }
export const STEP_KEYS: Keys = { known: ['name', 'label', 'event', 'filter'] }
export const MOST_STEPS = 10

/** Reads one funnel; what is wrong is reported, and null returned where nothing usable is left. */
export function readFunnel(name: string, mapping: Mapping, all: EventWorld): Funnel | null {
  if (!mapping.require('within', 'steps')) return null
  const world = { ...all, counted: readTraffic(mapping, all.traffic) }
  const withinMs = readLength(mapping, 'within')
  const told = mapping.mappings('steps', `a step of ${mapping.what}`, STEP_KEYS)
  const steps = told.map(step => readStep(step, world))
  if (told.length < 2 || told.length > MOST_STEPS)
    mapping.source.report(
      mapping.at('steps'),
      'wrong_value',
      `${mapping.what} has ${told.length === 1 ? 'one step' : `${told.length} steps`}; 2 to ${MOST_STEPS} make a funnel.`,
    )
  const seen = new Set<string>()
  told.forEach((step, i) => {
    const own = steps[i]?.name
    if (own === undefined) return
    if (seen.has(own)) step.source.report(step.at('name'), 'duplicate_id', `${mapping.what} has two steps ${own}.`)
    seen.add(own)
  })
  const [first] = steps
  const dimensions = first ? readDimensions(mapping, first, world) : []
  if (withinMs === undefined || steps.length < 2 || steps.includes(null)) return null
  const found = steps.flatMap(step => step ?? [])
  return {
    name,
    label: readText(mapping, 'label') ?? labelOf(name),
    steps: found,
    withinMs,
    dimensions,
    version: versionOf({
      withinMs,
      steps: found.map(({ events, filter }) => ({ events, filter: filter?.toSql() ?? null })),
    }),
  }
}

const NAME = /^[a-z][a-z0-9_]{0,63}$/

function readStep(mapping: Mapping, world: EventWorld): FunnelStep | null {
  if (!mapping.require('name', 'event')) return null
  const name = mapping.text('name')
  const names = readEventNames(mapping, world)
  if (name !== undefined && !NAME.test(name))
    mapping.source.report(
      mapping.at('name'),
      'bad_id',
      `${name} cannot name a step: small letters, digits and _ only, a letter first.`,
      'Its label can have any words.',
    )
  if (names === 'active') {
    mapping.source.report(
      mapping.at('event'),
      'wrong_value',
      `event of ${mapping.what} is active, which is no one thing that a person does.`,
      'Name event types.',
    )
    return null
  }
  if (name === undefined || names === null) return null
  const [selection] = selectionsOf(names, mapping, world)
  return selection === undefined ? null : { ...selection, name, label: readText(mapping, 'label') ?? labelOf(name) }
}

function readDimensions(mapping: Mapping, first: FunnelStep, world: EventWorld): string[] {
  const scope = scopeOfSelections([first], world)
  const dimensions: string[] = []
  for (const { value, node } of mapping.texts('dimensions') ?? []) {
    const unknown = scope.dimension(value)
    if (unknown)
      mapping.source.report(
        node,
        'unknown_name',
        `dimensions of ${mapping.what}, which are those of its first step: ${unknown.error}`,
        unknown.suggestion,
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

/** The persons who reached a step of a funnel, as a measure. */
export function funnelMeasure(id: string, funnel: Funnel, step: number): FunnelMeasure {
  return {
    kind: 'funnel',
    id,
    label: labelOf(id),
    description: { en: '' },
    agg: 'count_distinct',
    dimensions: funnel.dimensions,
    unit: 'count',
    quantile: null,
    better: 'higher',
    funnel: funnel.name,
    step,
    followUp: { ms: funnel.withinMs },
  }
}
