import { createZone, type EventType, type NorthStar, type SurveyScale, type Zone } from '@kivi/domain'
import { Mapping } from '../mapping.ts'
import type { Node, Source } from '../source.ts'
import { didYouMean } from '../suggest.ts'
import { dateOf, readInstant } from './dates.ts'

/** `kivi.yaml`: what holds for the catalog as a whole. Names are checked once everything is read. */
export interface Settings {
  readonly timezone: string
  readonly zone: Zone
  readonly currency: string
  readonly fiscalYearStart: string
  readonly surveys: Map<string, SurveyScale>
  readonly board: readonly { value: string; node: Node }[]
  readonly northStar: readonly (NorthStar & { readonly nodes: readonly Node[] })[]
  readonly source: Source | null
}

export const SETTINGS_FILE = 'kivi.yaml'

export const SETTINGS_KEYS = {
  known: [
    ...['timezone', 'currency', 'fiscal_year_start', 'surveys', 'board', 'north_star'],
    ...['identity', 'active', 'business_hours', 'invalid_traffic'],
  ],
}

export const NO_SETTINGS: Settings = {
  timezone: 'UTC',
  zone: createZone('UTC'),
  currency: 'USD',
  fiscalYearStart: '01-01',
  surveys: new Map(),
  board: [],
  northStar: [],
  source: null,
}

export function readSettings(source: Source): Settings {
  const root = Mapping.read(source, source.root, 'kivi.yaml', SETTINGS_KEYS)
  if (root === undefined) return NO_SETTINGS
  root.require('timezone', 'currency')
  const timezone = readZone(root)
  const zone = createZone(timezone)
  return {
    timezone,
    zone,
    currency: readCurrency(root),
    fiscalYearStart: readYearStart(root),
    surveys: readSurveys(root),
    board: root.texts('board') ?? [],
    northStar: readNorthStar(root, zone),
    source,
  }
}

function readZone(root: Mapping): string {
  const name = root.text('timezone')
  if (name === undefined) return 'UTC'
  try {
    createZone(name)
    return name
  } catch {
    const advice = didYouMean(name, ['UTC', ...Intl.supportedValuesOf('timeZone')])
    root.source.report(
      root.at('timezone'),
      'wrong_value',
      `timezone '${name}' is not known.`,
      advice ?? 'Write an IANA name such as Asia/Shanghai or UTC.',
    )
    return 'UTC'
  }
}

function readCurrency(root: Mapping): string {
  const code = root.text('currency')
  if (code === undefined) return 'USD'
  const codes = Intl.supportedValuesOf('currency')
  if (!codes.includes(code)) {
    const upper = code.toUpperCase()
    root.source.report(
      root.at('currency'),
      'wrong_value',
      `currency '${code}' is not known.`,
      codes.includes(upper) ? `Did you mean ${upper}?` : 'Write an ISO 4217 code such as EUR.',
    )
  }
  return code
}

function readYearStart(root: Mapping): string {
  const text = root.text('fiscal_year_start')
  if (text === undefined) return '01-01'
  if (dateOf(`2025-${text}`) === null || Number(text.slice(3)) > 28) {
    root.source.report(
      root.at('fiscal_year_start'),
      'bad_date',
      `fiscal_year_start '${text}' is not a day that every year and quarter has.`,
      'Write MM-DD, the day at most 28: 04-01.',
    )
    return '01-01'
  }
  return text
}

function readSurveys(root: Mapping): Map<string, SurveyScale> {
  const scales = new Map<string, SurveyScale>()
  const surveys = root.mapping('surveys', 'surveys', null)
  for (const [survey, scale] of surveys?.entries(id => `scale of survey ${id}`, { known: ['min', 'max'] }) ?? []) {
    if (!scale.require('min', 'max')) continue
    const min = scale.number('min')
    const max = scale.number('max')
    if (min === undefined || max === undefined) continue
    if (max <= min)
      scale.source.report(scale.at('max'), 'wrong_value', `max of ${scale.what} (${max}) is not above min (${min}).`)
    else scales.set(survey, { survey, min, max })
  }
  return scales
}

function readNorthStar(root: Mapping, zone: Zone): Settings['northStar'] {
  const keys = { known: ['indicators', 'from', 'reason', 'set_by'] }
  return root.mappings('north_star', 'an entry of north_star', keys).flatMap(entry => {
    if (!entry.require('indicators', 'from', 'reason')) return []
    const named = entry.someTexts('indicators') ?? []
    const from = readInstant(entry, 'from', zone)
    if (from === undefined) return []
    return [
      {
        indicators: named.map(n => n.value),
        nodes: named.map(n => n.node),
        from,
        reason: entry.text('reason') ?? '',
        set_by: entry.text('set_by') ?? 'catalog',
      },
    ]
  })
}

/** Surveys with a scale must be surveys that events can have. */
export function checkSurveys(settings: Settings, eventTypes: ReadonlyMap<string, EventType>): void {
  const field = eventTypes.get('survey')?.fields.get('survey')
  const known = field?.kind === 'enum' ? field.values : null
  const { source } = settings
  if (source === null || known === null) return
  const surveys = Mapping.read(source, source.root, 'kivi.yaml', null)?.mapping('surveys', 'surveys', null)
  for (const survey of settings.surveys.keys()) {
    if (surveys && !known.includes(survey))
      source.report(
        surveys.keyAt(survey),
        'unknown_name',
        `events/survey.avsc has no survey ${survey}.`,
        didYouMean(survey, known),
      )
  }
}
