/** Parameters that mean the same wherever they are asked with. */
import { PERIODS } from '@kivi/domain'
import { described, integer, listOf, object, oneOf, query, string } from './shapes.ts'

/** As many as a person can have in mind; each is a condition of the statement. */
const MOST_FILTERS = 20

export const window = {
  window: described(string, 'Length such as 15m, 1h, 7d; ends at the last complete slice, or at `to`.'),
  period: described(oneOf(PERIODS), 'The calendar period that holds `to`, up to `to`.'),
  from: described(string, 'RFC 3339 time, inclusive.'),
  to: described(string, 'RFC 3339 time, exclusive.'),
}

export const asOf = {
  as_of: described(
    string,
    'RFC 3339 time, not before `to`: the answer as it would have been then, with follow-ups seen up to it.',
  ),
}

/** @param what is done with them */
export const filters = (what: string) => ({ filter: described(listOf(string, MOST_FILTERS), what) })

export const segments = {
  by: described(string, 'Dimensions to group by, separated by commas.'),
  ...filters(
    '`dimension:value1,value2`; repeated filters must all hold. Encode commas, colons and percent signs of a value once more.',
  ),
}

/** Of every list. */
export const page = {
  limit: described({ ...integer, minimum: 1, maximum: 1000, default: 100 }, 'Most items of a page.'),
  cursor: described({ ...string, maxLength: 500 }, '`next` of the page before; without, the first page.'),
}

/** Of every answer that is a table too. */
export const format = described(
  oneOf(['json', 'csv', 'excel']),
  'How to answer, whatever `Accept` says. `excel` is CSV that Excel takes for UTF-8.',
)

export const NONE = object({})
export const PAGE = query(page)
export const INDICATOR = object({ id: described(string, 'Id of an indicator or measure.') })
