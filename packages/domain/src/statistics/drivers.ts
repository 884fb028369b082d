/** One segment's numerator and denominator before and now. */
export interface SegmentParts {
  readonly segment: string
  readonly before: { readonly numerator: number; readonly denominator: number }
  readonly now: { readonly numerator: number; readonly denominator: number }
}

/** What a segment contributed to the change of a ratio; mix and rate of all segments add up to the change. */
export interface RatioDriver {
  readonly segment: string
  /** because the segment's weight changed, against the whole's ratio */
  readonly mix: number
  /** because its own ratio changed */
  readonly rate: number
  readonly total: number
}

/**
 * Why a ratio moved: mix against rate by segment, weights and rates each at the mean of the two periods, so that
 * nothing is left over and the order of the periods does not matter (Kitagawa 1955). Null where a period's
 * denominator is zero. A segment that is empty in one period is taken at its ratio in the other: it is all mix.
 */
export function ratioDrivers(segments: readonly SegmentParts[]): readonly RatioDriver[] | null {
  const total = (period: 'before' | 'now', part: 'numerator' | 'denominator') =>
    segments.reduce((sum, segment) => sum + segment[period][part], 0)
  const [y0, y1] = [total('before', 'denominator'), total('now', 'denominator')]
  if (!(y0 > 0) || !(y1 > 0)) return null
  const whole = (total('before', 'numerator') / y0 + total('now', 'numerator') / y1) / 2
  return segments.map(({ segment, before, now }) => {
    const [w0, w1] = [before.denominator / y0, now.denominator / y1]
    const own = (parts: SegmentParts['now']) => (parts.denominator === 0 ? null : parts.numerator / parts.denominator)
    const r0 = own(before) ?? own(now) ?? 0
    const r1 = own(now) ?? own(before) ?? 0
    const mix = (w1 - w0) * ((r0 + r1) / 2 - whole)
    const rate = ((w0 + w1) / 2) * (r1 - r0)
    return { segment, mix, rate, total: mix + rate }
  })
}

/** A child of the hierarchy, judged. */
export interface Child {
  readonly id: string
  readonly value: number | null
  readonly target: number | null
  readonly previous: number | null
  readonly better: 'higher' | 'lower'
}

/**
 * The child that drags its parent most: the one furthest on the wrong side of its target, relative to the target; of
 * those without a target, relative to the value before. Null where none is on the wrong side.
 */
export function dragOf(children: readonly Child[]): { readonly id: string; readonly by: number } | null {
  let worst: { id: string; by: number } | null = null
  for (const { id, value, target, previous, better } of children) {
    const against = target ?? previous
    if (value === null || against === null || against === 0) continue
    const by = ((better === 'higher' ? 1 : -1) * (value - against)) / Math.abs(against)
    if (by < 0 && (worst === null || by < worst.by)) worst = { id, by }
  }
  return worst
}
