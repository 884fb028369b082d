import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'

/** The id of a measure or indicator under a key. */
export function readName(mapping: Mapping, key: string, ids: ReadonlySet<string>): string | undefined {
  const name = mapping.text(key)
  if (name === undefined || ids.has(name)) return name
  const where = key === 'of' ? `what ${mapping.what} is of` : `${key} of ${mapping.what}`
  mapping.source.report(
    mapping.at(key),
    'unknown_name',
    `${where}: there is no measure or indicator ${name}.`,
    didYouMean(name, ids),
  )
  return undefined
}
