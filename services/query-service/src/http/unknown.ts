/** What is said of a name that there is not: the one that was probably meant, else what there is. */
import { type Catalog, type Indicator, suggest } from '@kivi/domain'
import { ProblemError } from './problems.ts'

/** As many as a sentence can list; all of them are in `allowed`. */
const MOST_LISTED = 12

/** ` Did you mean ctr?`; nothing where no name is near. */
export function meant(wrong: string, names: Iterable<string>): string {
  const near = suggest(wrong, names)
  return near === null ? '' : ` Did you mean ${near}?`
}

/** The same, else what there is instead of it. */
export function meantOr(wrong: string, names: readonly string[]): string {
  if (names.length === 0) return ' There are none here.'
  const more = names.length > MOST_LISTED ? ', …' : ''
  return meant(wrong, names) || ` Known are ${names.slice(0, MOST_LISTED).join(', ')}${more}.`
}

/**
 * The indicator or measure of this id; throws unknown_indicator.
 * @param parameter where it was asked for
 */
export function indicatorIn({ indicators }: Pick<Catalog, 'indicators'>, id: string, parameter = 'id'): Indicator {
  const indicator = indicators.get(id)
  if (indicator !== undefined) return indicator
  throw new ProblemError(
    'unknown_indicator',
    `${parameter === 'id' ? 'The' : `${parameter}: the`} catalog has no indicator or measure ${JSON.stringify(id)}.${meant(id, indicators.keys())} GET /v1/indicators lists them all.`,
    { parameter },
  )
}

/** Throws unknown_dimension where it is not one that the indicator, funnel or reference is kept by. */
export function assertDimension(
  field: string,
  { id, dimensions }: Pick<Indicator, 'id' | 'dimensions'>,
  parameter: string,
): void {
  if (dimensions.includes(field)) return
  throw new ProblemError(
    'unknown_dimension',
    `${id} is not kept by ${JSON.stringify(field)}.${meantOr(field, dimensions)}`,
    { parameter, allowed: dimensions },
  )
}

/** The catalog has nothing of this name. `what` of it: `funnel`. */
export const unknownName = (
  what: string,
  wrong: string,
  names: readonly string[],
  { parameter, code }: { readonly parameter: string; readonly code: 'not_found' | 'invalid_parameter' },
): ProblemError =>
  new ProblemError(code, `The catalog has no ${what} ${JSON.stringify(wrong)}.${meantOr(wrong, names)}`, {
    parameter,
    allowed: names,
  })
