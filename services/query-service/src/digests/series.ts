/** The periods before that of a report, for a line of each of its indicators. */
import {
  type Asked,
  type DigestDefinition,
  type DigestIndicator,
  type DigestPeriod,
  digestPeriodBeside,
  type Indicator,
  isKiviError,
  isStored,
  type Window,
} from '@kivi/domain'
import { type Desk, momentOf } from '../answers/desk.ts'
import { readAnswers } from '../answers/recorded.ts'

type Series = DigestIndicator['series']

/** So many periods of the past a line is drawn of, the report's own among them. */
const LENGTHS = { day: 14, week: 8, month: 6 } as const

/**
 * Of each indicator by its id, oldest first. All of them are asked for at once, as several rest on the same measures; where
 * that is too much, each by itself. What is recorded because it is costly is not computed over and over.
 */
export async function seriesBefore(
  desk: Desk,
  indicators: readonly Indicator[],
  definition: DigestDefinition,
  period: DigestPeriod,
): Promise<ReadonlyMap<string, Series>> {
  const plain = indicators.filter(({ record }) => record === null)
  try {
    return await read(desk, plain, definition, period)
  } catch (error) {
    if (!isKiviError(error, 'question_too_large')) throw error
  }
  const found = new Map<string, Series>()
  for (const indicator of plain)
    try {
      for (const [id, series] of await read(desk, [indicator], definition, period)) found.set(id, series)
    } catch (error) {
      if (!isKiviError(error, 'question_too_large')) throw error
    }
  return found
}

async function read(
  desk: Desk,
  indicators: readonly Indicator[],
  definition: DigestDefinition,
  period: DigestPeriod,
): Promise<ReadonlyMap<string, Series>> {
  const periods: DigestPeriod[] = []
  while (periods.length < LENGTHS[definition.every] - 1 && (periods[0] ?? period).from > 0)
    periods.unshift(digestPeriodBeside(desk.basis.calendar, definition, periods[0] ?? period, -1))
  const lines = indicators.map(indicator => {
    const moment = momentOf(desk, indicator)
    return { indicator, stored: periods.filter(one => isStored(one, moment)) }
  })
  const asked = lines.flatMap(({ indicator, stored }) =>
    stored.map(({ from, to }): Asked => {
      const whole = { from, to }
      const window: Window = { ...whole, kind: 'period', unit: definition.every, whole }
      return { indicator, window, by: [], filters: [], bare: true }
    }),
  )
  const answers = await readAnswers(desk, asked)
  let place = 0
  return new Map(
    lines.map(({ indicator, stored }) => {
      const points = stored.map(({ name }) => ({ period: name, value: answers.at(place++).value }))
      // periods before the first event are no zeros: the indicator was not there
      const begun = points.findIndex(point => point.value !== null && point.value !== 0)
      return [indicator.id, begun < 0 ? [] : points.slice(begun)]
    }),
  )
}
