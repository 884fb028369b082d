import type { Mapping } from '../mapping.ts'
import { didYouMean } from '../suggest.ts'

/** Definitions of one section: those that could be read, and the names of all. */
export interface Named<T> {
  readonly read: ReadonlyMap<string, T>
  readonly names: ReadonlySet<string>
}

/**
 * Finds what a key names. Reports a name that is not there; of one that could not be read nothing is said again.
 * `noun`: what it is a name of, where the key does not say.
 */
export function findNamed<T>(mapping: Mapping, key: string, { read, names }: Named<T>, noun: string = key): T | null {
  const name = mapping.text(key)
  if (name === undefined) return null
  if (!names.has(name))
    mapping.source.report(
      mapping.at(key),
      'unknown_name',
      `${key} of ${mapping.what}: there is no ${noun} ${name}.`,
      didYouMean(name, names),
    )
  return read.get(name) ?? null
}
