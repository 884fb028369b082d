/** Named times: office hours, weekends, holidays of a calendar file. */
import type { TimeInterval, TimePart } from '@kivi/domain'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { dateOf } from '../dates.ts'
import { WEEKDAYS } from '../journey-settings.ts'

export const INTERVAL_KEYS: Keys = { known: ['timezone', 'any'] }
export const PART_KEYS: Keys = {
  known: ['times', 'weekdays', 'days', 'months', 'dates', 'dates_file', 'except', 'except_file'],
}
export const TIMES_KEYS: Keys = { known: ['from', 'until'] }
export const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const
/** Files of dates, one a line: what follows a comma is for people. */
export const CALENDAR_FOLDER = 'calendars'

export interface IntervalWorld {
  /** of the catalog */
  readonly timezone: string
  readonly files: ReadonlyMap<string, string>
}

export function readTimeInterval(name: string, mapping: Mapping, world: IntervalWorld): TimeInterval | null {
  if (!mapping.require('any')) return null
  const timezone = readZone(mapping) ?? world.timezone
  const any = mapping.someMappings('any', `a part of ${mapping.what}`, PART_KEYS).map(part => readPart(part, world))
  return { name, timezone, any }
}

function readZone(mapping: Mapping): string | undefined {
  const name = mapping.text('timezone')
  if (name === undefined) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name
  } catch {
    mapping.source.report(
      mapping.at('timezone'),
      'wrong_value',
      `timezone of ${mapping.what} is '${name}', which is no time zone.`,
      'Write an IANA name such as Asia/Shanghai.',
    )
    return undefined
  }
}

function readPart(mapping: Mapping, world: IntervalWorld): TimePart {
  const dates = readDates(mapping, 'dates', world)
  return {
    times: mapping.mappings('times', `times of ${mapping.what}`, TIMES_KEYS).flatMap(readTimes),
    weekdays: indexes(mapping, 'weekdays', WEEKDAYS),
    days: mapping.mappings('days', `days of ${mapping.what}`, TIMES_KEYS).flatMap(readDays),
    months: indexes(mapping, 'months', MONTHS),
    dates: mapping.has('dates') || mapping.has('dates_file') ? dates : null,
    except: readDates(mapping, 'except', world),
  }
}

/** From 1, in the order of the names. */
function indexes(mapping: Mapping, key: string, names: readonly string[]): number[] {
  return (mapping.someTexts(key) ?? []).flatMap(({ value, node }) => {
    const index = names.indexOf(value)
    if (index < 0)
      mapping.source.report(
        node,
        'wrong_value',
        `${key} of ${mapping.what}: '${value}' is none.`,
        didYouMean(value, names) ?? `Write ${names.join(', ')}.`,
      )
    return index < 0 ? [] : [index + 1]
  })
}

function readTimes(mapping: Mapping): TimePart['times'] {
  const [from, until] = [readClock(mapping, 'from') ?? 0, readClock(mapping, 'until') ?? 1440]
  if (from < until) return [{ from, until }]
  mapping.source.report(
    mapping.node,
    'wrong_value',
    `${mapping.what} end before they begin.`,
    "Over midnight these are two: until: '24:00', and from: '00:00'.",
  )
  return []
}

/** Minutes after midnight. */
function readClock(mapping: Mapping, key: string): number | undefined {
  const text = mapping.text(key)
  if (text === undefined) return undefined
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text)
  if (match !== null) return text === '24:00' ? 1440 : Number(match[1]) * 60 + Number(match[2])
  mapping.source.report(
    mapping.at(key),
    'wrong_value',
    `${key} of ${mapping.what} is '${text}', which is no time of day.`,
    "Write '09:00', in quotes.",
  )
  return undefined
}

function readDays(mapping: Mapping): TimePart['days'] {
  if (!mapping.require('from')) return []
  const from = mapping.number('from')
  const until = mapping.has('until') ? mapping.number('until') : from
  if (from === undefined || until === undefined) return []
  const isDay = (day: number) => Number.isInteger(day) && day !== 0 && Math.abs(day) <= 31
  if (isDay(from) && isDay(until)) return [{ from, until }]
  mapping.source.report(
    mapping.node,
    'wrong_value',
    `${mapping.what} go from 1 to 31, or from -31 to -1 counted from the month's end.`,
  )
  return []
}

function readDates(mapping: Mapping, key: 'dates' | 'except', { files }: IntervalWorld): ReadonlySet<string> {
  const listed = (mapping.texts(key) ?? []).flatMap(({ value, node }) => {
    if (dateOf(value) !== null) return [value]
    mapping.source.report(node, 'bad_date', `${key} of ${mapping.what}: '${value}' is no date.`, 'Write 2026-10-01.')
    return []
  })
  return new Set([...listed, ...datesOfFile(mapping, `${key}_file`, files)])
}

function datesOfFile(mapping: Mapping, key: string, files: ReadonlyMap<string, string>): string[] {
  const name = mapping.text(key)
  if (name === undefined) return []
  const text = files.get(`${CALENDAR_FOLDER}/${name}`)
  if (text === undefined) {
    const known = [...files.keys()]
      .filter(file => file.startsWith(`${CALENDAR_FOLDER}/`))
      .map(file => file.slice(CALENDAR_FOLDER.length + 1))
    mapping.source.report(
      mapping.at(key),
      'unknown_name',
      `${key} of ${mapping.what}: there is no file ${name} in ${CALENDAR_FOLDER}.`,
      didYouMean(name, known),
    )
    return []
  }
  return text.split(/\r?\n/).flatMap((line, i) => {
    const date = (line.split(',')[0] ?? '').trim()
    if (date === '' || date.startsWith('#') || (i === 0 && date === 'date')) return []
    if (dateOf(date) !== null) return [date]
    mapping.source.report(
      mapping.at(key),
      'bad_date',
      `line ${i + 1} of ${CALENDAR_FOLDER}/${name} begins with '${date}', which is no date.`,
      'Write a date a line: 2026-10-01,National Day.',
    )
    return []
  })
}
