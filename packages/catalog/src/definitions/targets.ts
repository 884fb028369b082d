import { parseWindow, type Target, type Zone } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'
import { readInstant } from './dates.ts'

export const TARGET_KEYS = {
  known: ['value', 'change', 'baseline', 'from', 'until', 'by', 'per', 'window', 'reason', 'set_by', 'set_at'],
}

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const

/** Whether a value grows with its window: then a target says nothing without the window it is for. */
export type Nature = 'additive' | 'distinct' | 'windowed' | 'level'

const WHY_WINDOW: Readonly<Record<Exclude<Nature, 'level'>, string>> = {
  additive: 'the value grows with the length of its window',
  distinct: 'distinct counts depend on the length of their window',
  windowed: 'the value depends on the length of its window',
}

export interface PlacedTarget extends Target {
  readonly mapping: Mapping
}

export function readTargets(indicator: Mapping, owner: string | null, zone: Zone): PlacedTarget[] {
  return indicator.mappings('targets', `a target of ${indicator.what}`, TARGET_KEYS).flatMap(mapping => {
    if (!mapping.require('from', 'reason')) return []
    const aim = readAim(mapping)
    const from = readInstant(mapping, 'from', zone)
    const until = readInstant(mapping, 'until', zone) ?? null
    const setAt = mapping.has('set_at') ? readInstant(mapping, 'set_at', zone) : from
    if (aim === undefined || from === undefined) return []
    if (until !== null && until <= from) {
      mapping.source.report(mapping.at('until'), 'bad_date', `until of ${mapping.what} is not after from.`)
      return []
    }
    return [
      {
        value: aim.value,
        from,
        until,
        by: readSegment(mapping),
        per: mapping.oneOf('per', PERIODS) ?? null,
        window: readWindow(mapping) ?? null,
        baseline: aim.baseline,
        reason: mapping.text('reason') ?? '',
        set_by: mapping.text('set_by') ?? owner ?? 'catalog',
        set_at: new Date(setAt ?? from).toISOString().replace('.000Z', 'Z'),
        mapping,
      },
    ]
  })
}

interface Aim {
  readonly value: number
  readonly baseline: NonNullable<Target['baseline']> | null
}

/** The value as such, or as a change from a baseline: `{ change: 0.2, baseline: 1000 }` is 1200. */
function readAim(mapping: Mapping): Aim | undefined {
  if (!mapping.has('change') && !mapping.has('baseline')) {
    if (!mapping.require('value')) return undefined
    const value = mapping.number('value')
    return value === undefined ? undefined : { value, baseline: null }
  }
  if (mapping.has('value')) {
    mapping.source.report(
      mapping.keyAt('value'),
      'unknown_key',
      `${mapping.what} has both a value and a change from a baseline.`,
      'Keep value, or change with baseline.',
    )
    return undefined
  }
  if (!mapping.require('change', 'baseline')) return undefined
  const change = mapping.number('change')
  const from = mapping.number('baseline')
  if (change === undefined || from === undefined) return undefined
  return { value: changed(from, change), baseline: { change, value: from } }
}

/** 0.1 of 3 is 0.30000000000000004 in doubles: a person who writes three digits means 3.3 */
const changed = (from: number, change: number): number => Number((from * (1 + change)).toPrecision(12))

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
  return readWindowMs(mapping) === undefined ? undefined : mapping.text('window')
}

/** The same in ms. */
export function readWindowMs(mapping: Mapping): number | undefined {
  const text = mapping.text('window')
  if (text === undefined) return undefined
  const length = parseWindow(text)
  if (length.ok) return length.ms
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
      mapping.source.report(
        mapping.node,
        'ambiguous_window',
        `${mapping.what} does not say for which window it holds; ${WHY_WINDOW[nature]}.`,
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
