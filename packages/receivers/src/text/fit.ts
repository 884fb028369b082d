/** Messages within what a receiver takes: the count of all, the first ones, and where the others are. */

/**
 * The rendering with as many items as fit, tried by halving.
 *
 * @param most items that a person reads in one message
 * @param render the message with the first `count` items; longer with each
 * @returns that of 0 items where not even one fits
 */
export function withAsMany(
  items: number,
  most: number,
  limitBytes: number,
  render: (count: number) => string,
): { readonly text: string; readonly count: number } {
  const fits = (text: string) => Buffer.byteLength(text) <= limitBytes
  let low = 0
  let high = Math.min(items, most)
  let best = render(high)
  if (fits(best)) return { text: best, count: high }
  best = render(0)
  while (high - low > 1) {
    const middle = (low + high) >> 1
    const text = render(middle)
    if (fits(text)) {
      low = middle
      best = text
    } else high = middle
  }
  return { text: best, count: low }
}
