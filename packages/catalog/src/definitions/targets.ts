import type { Target, Zone } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { readInstant } from './dates.ts'
import { PLANNED_TARGET_KEYS } from './planned.ts'

export const TARGET_KEYS = {
  known: ['value', 'from', 'until', 'by', 'per', 'window', 'reason', 'set_by', 'set_at'],
  planned: PLANNED_TARGET_KEYS,
}

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const

/** Whether a value grows with its window: then a target says nothing without the window it is for. */
export type Nature = 'additive' | 'distinct' | 'level'

export interface PlacedTarget extends Target {
  readonly mapping: Mapping
}

export function readTargets(indicator: Mapping, owner: string | null, zone: Zone): PlacedTarget[] {
  return indicator.mappings('targets', `a target of ${indicator.what}`, TARGET_KEYS).flatMap(mapping => {
    // planned, and told so already: a change stands in the place of the value
    if (mapping.has('change')) return []
    if (!mapping.require('value', 'from', 'reason')) return []
    const value = mapping.number('value')
    const from = readInstant(mapping, 'from', zone)
    const until = readInstant(mapping, 'until', zone) ?? null
    const setAt = mapping.has('set_at') ? readInstant(mapping, 'set_at', zone) : from
    if (value === undefined || from === undefined) return []
    if (until !== null && until <= from) {
      mapping.source.report(mapping.at('until'), 'bad_date', `until of ${mapping.what} is not after from.`)
      return []
    }
    return [
      {
        value,
        from,
        until,
        by: readSegment(mapping),
        per: mapping.oneOf('per', PERIODS) ?? null,
        window: readWindow(mapping) ?? null,
        reason: mapping.text('reason') ?? '',
        set_by: mapping.text('set_by') ?? owner ?? 'catalog',
        set_at: new Date(setAt ?? from).toISOString().replace('.000Z', 'Z'),
        mapping,
      },
    ]
  })
}

function readSegment(mapping: Mapping): Record<string, string> {
  const by = mapping.mapping('by', `by of ${mapping.what}`, null)
  return Object.fromEntries(
    (by?.names ?? []).flatMap(name => {
      const value = by!.text(name)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** `30d`, `12h`: a fixed length, whole slices of 10 s. */
export function readWindow(mapping: Mapping): string | undefined {
  const text = mapping.text('window')
  if (text === undefined) return undefined
  const match = /^([1-9]\d{0,6})([smhd])$/.exec(text)
  const seconds = match && Number(match[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[match[2] as 's' | 'm' | 'h' | 'd']
  if (seconds && seconds % 10 === 0) return text
  const advice = /^\d+(w|mo|month|y)/.test(text)
    ? 'A calendar period is per: week, month, quarter or year.'
    : 'Write 15m, 12h or 30d; seconds in tens.'
  mapping.source.report(
    mapping.at('window'),
    'wrong_value',
    `window of ${mapping.what} is '${text}', which is no length of time.`,
    advice,
  )
  return undefined
}

/** What can only be said of a target once its indicator is known. */
export function checkTargets(targets: readonly PlacedTarget[], dimensions: readonly string[], nature: Nature): void {
  for (const target of targets) {
    const { mapping } = target
    for (const name of Object.keys(target.by)) {
      if (!dimensions.includes(name))
        mapping.source.report(
          mapping.at('by'),
          'unknown_name',
          `${mapping.what} holds for ${name}, by which the indicator is not kept.`,
          didYouMean(name, dimensions) ?? 'It has no dimensions.',
        )
    }
    if (target.per !== null && target.window !== null) {
      mapping.source.report(
        mapping.keyAt('window'),
        'ambiguous_window',
        `${mapping.what} has both per and window.`,
        'Keep one of them.',
      )
    } else if (nature !== 'level' && !mapping.has('per') && !mapping.has('window')) {
      const why =
        nature === 'additive'
          ? 'the value grows with the length of its window'
          : 'distinct counts depend on the length of their window'
      mapping.source.report(
        mapping.node,
        'ambiguous_window',
        `${mapping.what} does not say for which window it holds; ${why}.`,
        'Add per: month, or window: 30d.',
      )
    }
  }
  refuseOverlaps(targets)
}

/** The target in force must be one: for a segment and a window, no two may hold at a time. */
function refuseOverlaps(targets: readonly PlacedTarget[]): void {
  const segment = ({ by, per, window }: Target): string => JSON.stringify([Object.entries(by).sort(), per, window])
  targets.forEach((target, i) => {
    const earlier = targets
      .slice(0, i)
      .find(
        other =>
          segment(other) === segment(target) &&
          other.from < (target.until ?? Infinity) &&
          target.from < (other.until ?? Infinity),
      )
    if (earlier) {
      target.mapping.source.report(
        target.mapping.node,
        'overlapping_targets',
        `${target.mapping.what} holds at a time at which another one holds for the same segment.`,
        'Give the earlier one an until that is not after this one’s from.',
      )
    }
  })
}
