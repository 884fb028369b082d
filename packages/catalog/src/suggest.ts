/** Optimal string alignment distance: insert, delete, replace, swap neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1)
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** The known name that the unknown one was probably meant to be; null where none is near. */
function nearest(unknown: string, known: Iterable<string>): string | null {
  const wanted = unknown.slice(0, 100).toLowerCase()
  let best: string | null = null
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of known) {
    if (Math.abs(name.length - wanted.length) >= least) continue
    const d = distance(wanted, name.toLowerCase())
    if (d < least) {
      least = d
      best = name
    }
  }
  return best
}

/** A sentence for the end of a message: the near name, else the whole list where it is short. */
export function didYouMean(unknown: string, known: Iterable<string>): string | undefined {
  const names = [...known]
  const near = nearest(unknown, names)
  if (near !== null) return `Did you mean ${near}?`
  if (names.length === 0) return undefined
  return names.length <= 12 ? `Known are ${names.join(', ')}.` : undefined
}
