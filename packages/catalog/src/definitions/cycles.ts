import type { DeclaredIndicator } from './indicators.ts'

/** Reports each circle once, at its member that comes first in the catalog. */
export function refuseCycles(
  declared: ReadonlyMap<string, DeclaredIndicator>,
  next: (d: DeclaredIndicator) => readonly string[],
  verb: string,
): void {
  const done = new Set<string>()
  const visit = (id: string, path: readonly string[]): void => {
    const start = path.indexOf(id)
    if (start >= 0) {
      const circle = path.slice(start)
      const { mapping } = declared.get(circle[0]!)!
      mapping.source.report(
        mapping.keyOf(),
        'cycle',
        `${circle[0]} ${verb} ${[...circle.slice(1), circle[0]].join(`, which ${verb} `)}.`,
        'Break the circle at one of them.',
      )
      return
    }
    const indicator = declared.get(id)
    if (indicator === undefined || done.has(id)) return
    for (const name of next(indicator)) visit(name, [...path, id])
    done.add(id)
  }
  for (const id of declared.keys()) visit(id, [])
}
