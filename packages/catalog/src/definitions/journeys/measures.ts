import type { Aggregation, AttributedMeasure, Funnel, FunnelMeasure, Reference, ReferenceMeasure } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import type { CompiledEntity, EntityWorld } from '../entities/compiled.ts'
import { readEntityExpression } from '../entities/expressions.ts'
import { scopeOfEntity } from '../entities/scope.ts'
import { readKnownUnit } from '../measures.ts'
import { findNamed, type Named } from '../named.ts'
import { labelOf, readText } from '../text.ts'
import type { CompiledAttribution } from './attributions.ts'
import { funnelMeasure } from './funnels.ts'

const COMMON = ['label', 'description', 'better']
export const ATTRIBUTED_MEASURE_KEYS: Keys = {
  known: [...COMMON, 'attribution', 'counts', 'expr', 'dimensions', 'unit'],
}
export const FUNNEL_MEASURE_KEYS: Keys = { known: [...COMMON, 'funnel', 'step'] }
export const REFERENCE_MEASURE_KEYS: Keys = { known: [...COMMON, 'reference', 'take'] }

type Counts = AttributedMeasure['counts']

const AGGREGATION_OF: Readonly<Record<Counts, Aggregation>> = {
  touches: 'count',
  converted_touches: 'count',
  conversions: 'sum',
  value: 'sum',
  persons: 'count_distinct',
  converted_persons: 'count_distinct',
}
export const COUNTS = Object.keys(AGGREGATION_OF) as readonly Counts[]
export const TAKES: readonly ReferenceMeasure['take'][] = ['start', 'end', 'mean', 'sum']

const words = (id: string, mapping: Mapping) => ({
  id,
  label: readText(mapping, 'label') ?? labelOf(id),
  description: readText(mapping, 'description') ?? { en: '' },
  better: mapping.oneOf('better', ['higher', 'lower']) ?? ('higher' as const),
  quantile: null,
})

/** Reads what an attribution counts. */
export function readAttributedMeasure(
  id: string,
  mapping: Mapping,
  attributions: Named<CompiledAttribution>,
  entities: Named<CompiledEntity>,
  world: EntityWorld,
): AttributedMeasure | null {
  const attribution = findNamed(mapping, 'attribution', attributions)
  const counts = mapping.require('counts') ? mapping.oneOf('counts', COUNTS) : undefined
  if (attribution === null || counts === undefined) return null
  const { conversions } = attribution
  const entity = entities.read.get(conversions.entity)!
  const each = conversions.kind === 'list' ? conversions.list : null
  if (counts === 'value') mapping.require('expr')
  else if (mapping.has('expr'))
    mapping.source.report(
      mapping.keyAt('expr'),
      'unknown_key',
      `counts: ${counts} of ${mapping.what} takes no expr.`,
      'Leave it out, or use counts: value.',
    )
  const scope = scopeOfEntity(entity, world, { each, known: true })
  const expr = counts === 'value' ? readEntityExpression(mapping, 'expr', scope, ['number']) : null
  return {
    ...words(id, mapping),
    kind: 'attributed',
    attribution: attribution.name,
    counts,
    expr,
    agg: AGGREGATION_OF[counts],
    dimensions: readDimensions(mapping, attribution),
    unit: readUnit(mapping, counts),
    followUp: { ms: attribution.windowMs },
  }
}

function readUnit(mapping: Mapping, counts: Counts): string {
  const unit = readKnownUnit(mapping)
  if (counts === 'value' && unit !== 'percent') return unit ?? 'number'
  if (unit !== undefined && unit !== 'count')
    mapping.source.report(
      mapping.at('unit'),
      'wrong_unit',
      counts === 'value'
        ? `a measure such as ${mapping.what} is no share of anything.`
        : `counts: ${counts} of ${mapping.what} gives a count, not ${unit}.`,
      'Leave unit out.',
    )
  return counts === 'value' ? 'number' : 'count'
}

function readDimensions(mapping: Mapping, { name, dimensions }: CompiledAttribution): string[] {
  const found: string[] = []
  for (const { value, node } of mapping.texts('dimensions') ?? []) {
    if (found.includes(value))
      mapping.source.report(node, 'duplicate_id', `dimensions of ${mapping.what} name ${value} twice.`)
    else if (dimensions.includes(value)) found.push(value)
    else
      mapping.source.report(
        node,
        'unknown_name',
        `dimensions of ${mapping.what}: not all touches of ${name} have ${value}.`,
        didYouMean(value, dimensions) ?? `Add it to keep of the touches' list.`,
      )
  }
  return found
}

/** Reads how many persons reached a step of a funnel. */
export function readFunnelMeasure(id: string, mapping: Mapping, funnels: Named<Funnel>): FunnelMeasure | null {
  const funnel = findNamed(mapping, 'funnel', funnels)
  const step = mapping.require('step') ? mapping.text('step') : undefined
  if (funnel === null || step === undefined) return null
  const index = funnel.steps.findIndex(s => s.name === step)
  if (index < 0) {
    mapping.source.report(
      mapping.at('step'),
      'unknown_name',
      `step of ${mapping.what}: funnel ${funnel.name} has no step ${step}.`,
      didYouMean(
        step,
        funnel.steps.map(s => s.name),
      ),
    )
    return null
  }
  return { ...funnelMeasure(id, funnel, index), ...words(id, mapping) }
}

/** Reads how a reference becomes one number of a window. */
export function readReferenceMeasure(
  id: string,
  mapping: Mapping,
  references: Named<Reference>,
): ReferenceMeasure | null {
  const reference = findNamed(mapping, 'reference', references)
  const told = mapping.oneOf('take', TAKES)
  if (reference === null) return null
  const take = told ?? (reference.kind === 'flow' ? 'sum' : 'end')
  if ((take === 'sum') !== (reference.kind === 'flow')) {
    mapping.source.report(
      mapping.at('take'),
      'wrong_value',
      reference.kind === 'flow'
        ? `${reference.name} is a flow, of which ${mapping.what} can only take the sum.`
        : `${reference.name} is a level, which has no sum.`,
      reference.kind === 'flow' ? 'Leave take out.' : 'Take start, end or mean.',
    )
    return null
  }
  const agg = take === 'sum' ? 'sum' : 'max'
  const { name, unit, dimensions } = reference
  return { ...words(id, mapping), kind: 'reference', reference: name, take, agg, unit, dimensions }
}
