/** A target as it is entered, checked, and put among those that go on. */
import type { Target } from '../answers.ts'

/** What a form holds: texts as they were typed. */
export interface Draft {
  readonly how: 'value' | 'change'
  /** in the unit people see: of a percentage 2.5 is 2.5 % */
  readonly value: string
  readonly baseline: string
  /** percent by which the baseline is to change */
  readonly change: string
  /** a period, `window`, or nothing */
  readonly per: string
  readonly window: string
  readonly by: Readonly<Record<string, string>>
  /** epoch ms; null: from the running period on */
  readonly from: number | null
  readonly until: number | null
}

export interface SentTarget {
  readonly value: number
  readonly by?: Readonly<Record<string, string>>
  readonly per?: string
  readonly window?: string
  readonly from?: string
  readonly until?: string
  /** of one that goes on: its own, not that of the change beside it */
  readonly reason?: string
}

/** Numbers people type have commas of thousands or of decimals, and spaces. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/[\s\u00a0_]/g, '')
  const decimal = /^[+-]?\d+,\d{1,2}$/.test(plain) ? plain.replace(',', '.') : plain.replaceAll(',', '')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal)) return null
  const value = Number(decimal)
  return Number.isFinite(value) ? value : null
}

const scaleOf = (unit: string): number => (unit === 'percent' ? 100 : 1)

/** A stored value as it is typed: without the dust of binary fractions. */
export const typed = (value: number, unit: string): string => String(Number((value * scaleOf(unit)).toPrecision(12)))

/** The value that a draft comes to, in the indicator's own unit; null: something is no number. */
export function amountOf(draft: Draft, unit: string): number | null {
  const scale = scaleOf(unit)
  if (draft.how === 'value') {
    const value = readNumber(draft.value)
    return value === null ? null : Number((value / scale).toPrecision(15))
  }
  const [baseline, change] = [readNumber(draft.baseline), readNumber(draft.change)]
  return baseline === null || change === null ? null : Number(((baseline / scale) * (1 + change / 100)).toPrecision(12))
}

/** A draft as the API takes it. */
export function sentOf(draft: Draft, value: number): SentTarget {
  return {
    value,
    ...(Object.keys(draft.by).length === 0 ? {} : { by: draft.by }),
    ...(draft.per === '' ? {} : draft.per === 'window' ? { window: draft.window.trim() } : { per: draft.per }),
    ...(draft.from === null ? {} : { from: new Date(draft.from).toISOString() }),
    ...(draft.until === null ? {} : { until: new Date(draft.until).toISOString() }),
  }
}

const keyOf = ({
  by = {},
  per,
  window,
}: {
  by?: Readonly<Record<string, string>>
  per?: string | null
  window?: string | null
}) => JSON.stringify([Object.entries(by).sort(), per ?? null, window ?? null])

/** Those set while Kivi ran that still hold or are yet to: the next setting takes their place as a whole. */
export const alive = (items: readonly Target[], now: number): Target[] =>
  items.filter(item => item.origin === 'set' && (item.until === null || Date.parse(item.until) > now))

/** A target that goes on as it is. One that began goes on from the running period: its past keeps its judgement. */
function kept({ value, by, per, window, from, until, reason }: Target, now: number): SentTarget {
  return {
    value,
    ...(Object.keys(by).length === 0 ? {} : { by }),
    ...(per === null ? {} : { per }),
    ...(window === null ? {} : { window }),
    ...(Date.parse(from) > now ? { from } : {}),
    ...(until === null ? {} : { until }),
    reason,
  }
}

/**
 * All that is to hold when one is set: the others go on; one for the same part and length gives way from when the new
 * one begins.
 */
export function withTarget(items: readonly Target[], added: SentTarget, now: number): SentTarget[] {
  const begins = added.from === undefined ? now : Date.parse(added.from)
  const others = alive(items, now).flatMap(item => {
    if (keyOf(item) !== keyOf(added)) return [kept(item, now)]
    if (begins <= now || Date.parse(item.from) >= begins) return []
    const until = Math.min(begins, item.until === null ? begins : Date.parse(item.until))
    return [{ ...kept(item, now), until: new Date(until).toISOString() }]
  })
  return [...others, added]
}

/** All that is to hold when one is withdrawn. */
export const withoutTarget = (items: readonly Target[], withdrawn: Target, now: number): SentTarget[] =>
  alive(items, now).flatMap(item =>
    keyOf(item) === keyOf(withdrawn) && item.from === withdrawn.from ? [] : [kept(item, now)],
  )
