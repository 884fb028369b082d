import { suggest } from '@kivi/domain'

/** A sentence for the end of a message: the near name, else the whole list where it is short. */
export function didYouMean(unknown: string, known: Iterable<string>): string | undefined {
  const names = [...known]
  const near = suggest(unknown, names)
  if (near !== null) return `Did you mean ${near}?`
  if (names.length === 0) return undefined
  return names.length <= 12 ? `Known are ${names.join(', ')}.` : undefined
}
