import { type AnyMeasure, type FollowUp, formatWindow, ownFilter } from '@kivi/domain'

/** A measure as the catalog declares it: which keys it has depends on its kind. */
export interface MeasureItem {
  readonly id: string
  readonly kind: 'event' | 'entity' | 'attributed' | 'funnel' | 'reference'
  readonly agg: string
  readonly dimensions: readonly string[]
  /** event types that an event measure reads */
  readonly events?: readonly string[]
  readonly expr: string | null
  readonly filter: string | null
  readonly distinct: string | null
  readonly quantile: number | null
  /** entity, attribution, funnel or reference that it is about */
  readonly of?: string
  /** at a time of the row, for each observation of a list, or as of the window’s end */
  readonly timing?: string
  /** of an attribution what is counted, of a funnel its step, of a reference what is taken */
  readonly counts?: string
  /** how long after the window it can still change */
  readonly follow_up?: string
}

export function measureItem(measure: AnyMeasure): MeasureItem {
  const { id, agg, dimensions, quantile } = measure
  const plain = { id, agg, dimensions, quantile, expr: null, filter: null, distinct: null }
  switch (measure.kind) {
    case 'entity':
      return {
        ...plain,
        kind: 'entity',
        of: measure.entity,
        timing: timingText(measure.timing),
        expr: measure.expr?.source ?? null,
        filter: measure.filter?.source ?? null,
        distinct: measure.distinct?.source ?? null,
        ...followUp(measure.followUp),
      }
    case 'attributed':
      return {
        ...plain,
        kind: 'attributed',
        of: measure.attribution,
        timing: 'time of the touch',
        counts: measure.counts,
        expr: measure.expr?.source ?? null,
        ...followUp(measure.followUp),
      }
    case 'funnel':
      return {
        ...plain,
        kind: 'funnel',
        of: measure.funnel,
        timing: 'time of the first step',
        counts: `step ${measure.step + 1}`,
        ...followUp(measure.followUp),
      }
    case 'reference':
      return { ...plain, kind: 'reference', of: measure.reference, counts: measure.take }
    default:
      return {
        ...plain,
        kind: 'event',
        events: measure.events,
        expr: measure.expr?.source ?? null,
        filter: ownFilter(measure.filter)?.source ?? null,
        distinct: measure.distinct,
      }
  }
}

type Timing = Extract<AnyMeasure, { kind: 'entity' }>['timing']

function timingText(timing: Timing): string {
  switch (timing.kind) {
    case 'at':
      return `at ${timing.time.source}`
    case 'each':
      return [
        `each ${timing.list}`,
        ...(timing.per === null ? [] : [`per ${timing.per}`]),
        ...(timing.time === null ? [] : [`at ${timing.time.source}`]),
      ].join(' ')
    case 'end':
      return 'as of the end'
  }
}

const followUp = (followUp: FollowUp | null): { follow_up?: string } =>
  followUp === null ? {} : { follow_up: 'ms' in followUp ? formatWindow(followUp.ms) : `${followUp.days} days` }
