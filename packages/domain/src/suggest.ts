/** Longer names are not compared further: whoever sends one cannot make an error costly. */
const MOST_CHARACTERS = 100

/** The candidate that a person most likely meant; null where none is near. Upper and lower case are alike. */
export function suggest(wrong: string, candidates: Iterable<string>): string | null {
  const wanted = wrong.slice(0, MOST_CHARACTERS).toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue
    const found = distance(wanted, candidate.toLowerCase())
    if (found < least) {
      least = found
      best = candidate
    }
  }
  return best
}

/** Letters to add, drop, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((row[j - 1] as number) + 1, (last[j] as number) + 1, (last[j - 1] as number) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] as number) + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] as number
}
