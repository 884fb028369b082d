import { Mapping } from '../../mapping.ts'
import { readSource, type Source } from '../../source.ts'

/** Keys of made measures whose text is that of a key of the indicator; what is wrong there is told there. */
const WRITTEN_AS: Readonly<Record<string, string>> = { at: 'first', dimensions: 'dimensions' }

/**
 * Keys as a mapping that reads like one of the file. Mistakes in texts that come from the indicator are reported in
 * those; a filter only repeats the other texts, so that its mistakes are told already.
 */
export function madeMapping(
  indicator: Mapping,
  keys: Readonly<Record<string, unknown>>,
  /** what is told already: both measures of a ratio have the same texts */
  told: Set<string>,
): Mapping {
  const text = JSON.stringify(keys)
  const plain = readSource(indicator.source.file, text, [])
  const source: Source = { ...plain, report }
  const made = Mapping.read(source, source.root, indicator.what, null)
  if (made === undefined) throw new Error(`what is made of ${indicator.what} is no mapping`)
  return made

  function report(...[at, code, message, suggestion]: Parameters<Source['report']>): void {
    const offset = typeof at === 'number' ? at : (at?.range?.[0] ?? 0)
    const key = made?.names.find(name => within(made.at(name).range, offset))
    if (key === 'filter') return
    const written = key === undefined ? undefined : WRITTEN_AS[key]
    if (told.has(message)) return
    told.add(message)
    if (key === undefined || written === undefined || !indicator.has(written))
      return indicator.source.report(indicator.keyOf(), code, message, suggestion)
    const place =
      typeof at === 'number'
        ? indicator.source.textStart(indicator.at(written)) + offset - plain.textStart(made!.at(key))
        : indicator.at(written)
    const inTerms = message
      .replace(`${key} of ${indicator.what}`, `${written} of ${indicator.what}`)
      .replace(`${key} needs`, `${written} needs`)
    indicator.source.report(place, code, inTerms, suggestion)
  }
}

const within = (range: readonly number[] | null | undefined, offset: number): boolean =>
  range !== null && range !== undefined && offset >= range[0]! && offset < range[1]!
