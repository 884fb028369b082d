/** Random numbers that depend on nothing but their seed: the same storefront on every machine, after every restart. */

export interface Random {
  /** [0, 1) */
  next(): number
  /** whole number in [0, below) */
  below(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  /** by weights that need not add up to 1 */
  weighted<T>(items: ReadonlyArray<readonly [item: T, weight: number]>): T
  /** exponentially distributed */
  exponential(mean: number): number
  /** log-normal: median and spread (1.5 keeps two thirds within a factor of 1.5) */
  around(median: number, spread: number): number
  poisson(mean: number): number
}

/** 32 well-mixed bits of a few whole numbers (murmur3's finaliser over each). */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = scramble(hash ^ Math.imul(part | 0, 0xcc9e2d51))
    // numbers beyond 32 bits: the upper half counts too
    hash = scramble(hash + Math.floor(part / 4_294_967_296))
  }
  return hash >>> 0
}

function scramble(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

/** A stream of its own for each combination of numbers. */
export function randomOf(...seed: readonly number[]): Random {
  let state = mix(...seed)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    below,
    chance: probability => next() < probability,
    pick: items => items[below(items.length)] as (typeof items)[number],
    weighted(items) {
      let rest = next() * items.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of items) {
        rest -= weight
        if (rest < 0) return item
      }
      return (items[items.length - 1] as (typeof items)[number])[0]
    },
    exponential: mean => -mean * Math.log(1 - next()),
    around: (median, spread) => median * spread ** normal(),
    poisson(mean) {
      // Knuth's product for small means, else the normal approximation, which is as good
      if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      let [count, product] = [-1, 1]
      const limit = Math.exp(-mean)
      do {
        count++
        product *= next()
      } while (product > limit)
      return count
    },
  }
}
