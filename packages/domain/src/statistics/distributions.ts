/** Distribution functions that intervals and tests need; each to about 1e-12 in the range in which they use it. */

/** z of a two-sided interval of 95 %. */
export const Z95 = 1.959963984540054

/** P(Z ≤ z) of the standard normal distribution. */
export function normalCdf(z: number): number {
  const half = gammaP(0.5, (z * z) / 2) / 2
  return z >= 0 ? 0.5 + half : 0.5 - half
}

/** P(T ≤ t) of Student's distribution; `df` > 0 and need not be whole. */
export function studentCdf(t: number, df: number): number {
  const tail = betaI(df / 2, 0.5, df / (df + t * t)) / 2
  return t >= 0 ? 1 - tail : tail
}

/** Probability of a |T| at least as large under chance. */
export function studentTwoSided(t: number, df: number): number {
  return Number.isFinite(t) ? betaI(df / 2, 0.5, df / (df + t * t)) : 0
}

/** t with P(T ≤ t) = p, by bisection over the monotonic distribution; 0 < p < 1. */
export function studentQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability between 0 and 1 is needed, not ${p}`)
  if (p < 0.5) return -studentQuantile(1 - p, df)
  let high = 1
  while (studentCdf(high, df) < p) high *= 2
  let low = 0
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, df) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const MOST_EXACT = 200
const exact = new Map<number, number>()

/**
 * Student's t of two-sided 95 %, made for asking often: up to 200 degrees of freedom once each, beyond by the expansion
 * around the normal one (Abramowitz & Stegun 26.7.5), which is within 1e-8 there.
 */
export function student95(df: number): number {
  if (df > MOST_EXACT) {
    const z = Z95
    const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
    const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
    return z + (z ** 3 + z) / (4 * df) + second / df ** 2 + third / df ** 3
  }
  const known = exact.get(df) ?? studentQuantile(0.975, df)
  exact.set(df, known)
  return known
}

/**
 * Regularised lower incomplete gamma function: series below a + 1, continued fraction above (Abramowitz & Stegun 6.5).
 * P(X ≥ a) of a Poisson distribution of mean x.
 */
export function gammaP(a: number, x: number): number {
  if (a <= 0) return 1
  if (x <= 0) return 0
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

/** The upper one, 1 − P, to full precision where it is small. P(X < a) of a Poisson distribution of mean x. */
export function gammaQ(a: number, x: number): number {
  if (a <= 0) return 0
  if (x <= 0) return 1
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

const gammaScale = (a: number, x: number): number => Math.exp(-x + a * Math.log(x) - logGamma(a))

function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < 10_000; n++) {
    term *= x / (a + n)
    sum += term
    if (term < sum * 1e-16) break
  }
  return sum * gammaScale(a, x)
}

const gammaFraction = (a: number, x: number): number =>
  gammaScale(a, x) * fraction(n => [n * (a - n), x + 2 * n + 1 - a], x + 1 - a)

/** z with P(Z > z) = p, by bisection: to 1e-9, for 0 < p < 1. */
export function normalScore(p: number): number {
  if (p > 0.5) return -normalScore(1 - p)
  let [low, high] = [0, 40]
  for (let step = 0; step < 36; step++) {
    const middle = (low + high) / 2
    if (gammaQ(0.5, (middle * middle) / 2) / 2 > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Regularised incomplete beta function by its continued fraction (Abramowitz & Stegun 26.5.8). */
export function betaI(a: number, b: number, x: number): number {
  if (b <= 0 || x <= 0) return 0
  if (a <= 0 || x >= 1) return 1
  // the fraction converges quickly on this side only
  if (x > (a + 1) / (a + b + 2)) return 1 - betaI(b, a, 1 - x)
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  return (
    scale *
    fraction(n => {
      const m = n >> 1
      const numerator =
        n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
      return [numerator, 1]
    }, 1)
  )
}

/** 1 / (b0 + a1 / (b1 + a2 / (b2 + …))) by Lentz's method; `part(n)` is [aₙ, bₙ]. */
function fraction(part: (n: number) => readonly [number, number], b0: number): number {
  const tiny = 1e-300
  let value = b0 === 0 ? tiny : b0
  let c = value
  let d = 0
  for (let n = 1; n < 10_000; n++) {
    const [a, b] = part(n)
    d = b + a * d
    c = b + a / c
    if (d === 0) d = tiny
    if (c === 0) c = tiny
    d = 1 / d
    const change = c * d
    value *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return 1 / value
}

/** ln Γ(x), x > 0, by Stirling's series after shifting x beyond 10. */
function logGamma(x: number): number {
  let shift = 0
  let y = x
  while (y < 10) {
    shift -= Math.log(y)
    y++
  }
  const r = 1 / (y * y)
  const series = 1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))
  return shift + (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series / y
}
