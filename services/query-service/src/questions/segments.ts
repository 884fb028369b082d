import type { DimensionFilter, Indicator } from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { assertDimension } from '../http/unknown.ts'

const MOST_VALUES = 1000

/** What can be asked by dimensions: an indicator, a funnel. */
type Grouped = Pick<Indicator, 'id' | 'dimensions'>

/** `by=campaign,channel`; every name must be one that all measures of the indicator are kept by. */
export function parseBy(text: string | undefined, indicator: Grouped): string[] {
  if (text === undefined) return []
  const fields = text.split(',')
  for (const field of fields) assertDimension(field, indicator, 'by')
  if (new Set(fields).size < fields.length)
    throw new ProblemError('invalid_parameter', `by names a dimension twice: ${text}.`, { parameter: 'by' })
  return fields
}

/** `filter=campaign:a,b`; values are percent-encoded once more where they hold a comma, a colon or a percent sign. */
export function parseFilters(texts: readonly string[], indicator: Grouped): DimensionFilter[] {
  const filters = splitFilters(texts)
  for (const { field } of filters) assertDimension(field, indicator, 'filter')
  return filters
}

/** The same of whatever has names and values, such as labels. */
export function splitFilters(texts: readonly string[]): DimensionFilter[] {
  return texts.map(text => {
    const colon = text.indexOf(':')
    if (colon < 1)
      throw new ProblemError(
        'invalid_parameter',
        `filter is ${JSON.stringify(text)}: expected dimension:value or dimension:value1,value2.`,
        {
          parameter: 'filter',
        },
      )
    const field = text.slice(0, colon)
    const values = text.slice(colon + 1).split(',')
    if (values.length > MOST_VALUES)
      throw new ProblemError('invalid_parameter', `filter has more than ${MOST_VALUES} values.`, {
        parameter: 'filter',
      })
    return { field, values: values.map(decode) }
  })
}

/** What filters pin to one value: the segment that targets may name. */
export function segmentOf(filters: readonly DimensionFilter[]): Record<string, string> {
  const segment: Record<string, string> = {}
  for (const { field, values } of filters) if (values.length === 1) segment[field] = values[0] as string
  return segment
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ProblemError(
      'invalid_parameter',
      `filter has the value ${JSON.stringify(text)}: a % stands before two hex digits, and is itself written %25.`,
      {
        parameter: 'filter',
      },
    )
  }
}
