/** One alert rule. */

import type { Catalog } from '@kivi/domain'
import {
  type AlertRule,
  type Condition,
  type DimensionFilter,
  type Indicator,
  isSumOfSums,
  NO_DATA,
  parseWindow,
  SEVERITIES,
  type Severity,
} from '@kivi/domain'
import { versionOf } from '../../hash.ts'
import type { Keys, Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { readAnnotations, readLabels } from './annotations.ts'
import { CONDITION_KEYS, inRange, readCondition } from './conditions.ts'
import { readLength, readSlices } from './lengths.ts'

export const RULE_KEYS: Keys = {
  known: [
    ...['alert', 'formerly', 'indicator', 'by', 'filter', 'window', 'recovery', 'certain', ...CONDITION_KEYS],
    ...['every', 'for', 'keep_firing_for', 'no_data', 'minimum_volume', 'labels', 'annotations'],
  ],
}

/** What a rule can name of the rest of the catalog. */
export interface RuleWorld {
  readonly catalog: Pick<Catalog, 'indicators' | 'measures' | 'derivedMeasures'>
  /** ids that stand in the files, those included that could not be read */
  readonly ids: ReadonlySet<string>
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const QUARTER_HOUR = 15 * MINUTE
/** Slices of 10 s are kept a week, of which a day is for catching up. */
const FINE_FOR = 5 * DAY

export function readRule(id: string, mapping: Mapping, world: RuleWorld): AlertRule | null {
  const condition = readCondition(mapping)
  const isOwn = condition !== null && ['stalled', 'dead_letters', 'undelivered'].includes(condition.kind)
  const indicator = condition === null ? undefined : isOwn ? noIndicator(mapping) : readIndicator(mapping, world)
  const by = indicator == null ? [] : readDimensions(mapping, indicator)
  const filters = indicator == null ? [] : readFilter(mapping, indicator)
  const labels = readLabels(mapping)
  const severity = readSeverity(mapping)
  const own = condition?.kind === 'undelivered' ? ['receiver'] : by
  const annotations = readAnnotations(mapping, [...own, ...Object.keys(labels)])
  const noData = mapping.oneOf('no_data', NO_DATA) ?? 'keep'
  const forMs = readLength(mapping, 'for') ?? 0
  const keepFiringForMs = readLength(mapping, 'keep_firing_for') ?? 0
  const volume = inRange(mapping, 'minimum_volume', 0, Number.MAX_SAFE_INTEGER)
  const formerly = (mapping.texts('formerly') ?? []).map(({ value }) => value)
  if (condition === null || indicator === undefined) return null
  const windowMs = readWindow(mapping, condition, indicator)
  const everyMs = readEvery(mapping, condition, windowMs)
  if (indicator !== null) {
    checkTargets(mapping, condition, indicator, windowMs)
    if (condition.kind === 'pace') checkPace(mapping, indicator, world)
  }
  const judges = condition.kind === 'expression' || condition.kind === 'anomaly'
  const minimumVolume = volume ?? (judges ? (indicator?.minimum_volume ?? null) : null)
  return {
    ...{ id, formerly, condition, indicator: indicator?.id ?? null, windowMs, by: own, filters, everyMs },
    ...{ forMs, keepFiringForMs, noData, minimumVolume, severity, labels, annotations },
    version: versionOf({
      condition: told(condition),
      of: indicator?.version ?? null,
      windowMs,
      by: own,
      filters,
      noData,
      minimumVolume,
    }),
  }
}

/** what of a condition decides: the text of its expressions, not how they are computed */
function told(condition: Condition): unknown {
  if (condition.kind !== 'expression') return condition
  const { fires, recovers, certain } = condition
  return { fires: fires.source, recovers: recovers?.source ?? null, certain }
}

function noIndicator(mapping: Mapping): null {
  for (const key of ['indicator', 'by', 'filter'])
    if (mapping.has(key))
      mapping.source.report(
        mapping.keyAt(key),
        'unknown_key',
        `${mapping.what} is about Kivi itself, and has no ${key}.`,
        'Leave it out.',
      )
  return null
}

function readIndicator(mapping: Mapping, { catalog, ids }: RuleWorld): Indicator | undefined {
  if (!mapping.require('indicator')) return undefined
  const name = mapping.text('indicator')
  if (name === undefined) return undefined
  const found = catalog.indicators.get(name)
  // of one that could not be read nothing is said again
  if (found === undefined && !ids.has(name))
    mapping.source.report(
      mapping.at('indicator'),
      'unknown_name',
      `${mapping.what}: there is no indicator ${name}.`,
      didYouMean(name, ids),
    )
  return found
}

function readDimensions(mapping: Mapping, indicator: Indicator): string[] {
  return (mapping.texts('by') ?? []).flatMap(({ value, node }) => {
    if (indicator.dimensions.includes(value)) return [value]
    mapping.source.report(
      node,
      'unknown_name',
      `${mapping.what} is by ${value}, by which ${indicator.id} is not kept.`,
      didYouMean(value, indicator.dimensions) ?? listed(indicator.dimensions),
    )
    return []
  })
}

function readFilter(mapping: Mapping, indicator: Indicator): DimensionFilter[] {
  const filter = mapping.mapping('filter', `filter of ${mapping.what}`, null)
  return (filter?.names ?? []).flatMap(field => {
    const values = filter?.someTexts(field)?.map(({ value }) => value) ?? []
    if (indicator.dimensions.includes(field)) return values.length === 0 ? [] : [{ field, values }]
    filter?.source.report(
      filter.keyAt(field),
      'unknown_name',
      `${mapping.what} filters by ${field}, by which ${indicator.id} is not kept.`,
      didYouMean(field, indicator.dimensions) ?? listed(indicator.dimensions),
    )
    return []
  })
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'It has no dimensions.' : `It is kept by ${names.join(', ')}.`

function readSeverity(mapping: Mapping): Severity {
  if (!mapping.has('labels')) return 'ticket'
  return mapping.mapping('labels', `labels of ${mapping.what}`, null)?.oneOf('severity', SEVERITIES) ?? 'ticket'
}

function readWindow(mapping: Mapping, { kind }: Condition, indicator: Indicator | null): number {
  const given = readSlices(mapping, 'window')
  const none = kind === 'pace' || kind === 'stalled' || kind === 'undelivered'
  if (none && mapping.has('window'))
    mapping.source.report(
      mapping.keyAt('window'),
      'unknown_key',
      kind === 'pace'
        ? `the window of ${mapping.what} is the running period.`
        : `${mapping.what} is about now, and has no window.`,
      'Leave it out.',
    )
  if (none) return 0
  if (given !== undefined) return given
  const own = indicator === null ? null : parseWindow(indicator.window)
  return own?.ok ? own.ms : 5 * MINUTE
}

function readEvery(mapping: Mapping, condition: Condition, windowMs: number): number {
  const given = readSlices(mapping, 'every')
  const everyMs = given ?? usualEvery(condition, windowMs)
  const reach =
    condition.kind === 'anomaly' && condition.baseline === 'recent' ? windowMs * (condition.history + 1) : windowMs
  if (reach > FINE_FOR && everyMs % QUARTER_HOUR !== 0)
    mapping.source.report(
      mapping.at('every'),
      'wrong_value',
      `${mapping.what} looks back so far that only quarters of an hour are stored there.`,
      'Let it be evaluated every: 15m, 1h, or another multiple of 15m.',
    )
  return everyMs
}

function usualEvery({ kind }: Condition, windowMs: number): number {
  if (kind === 'stalled') return 10_000
  if (kind === 'pace') return HOUR
  // the past is stored by quarters of an hour
  if (kind === 'anomaly') return QUARTER_HOUR
  if (windowMs <= HOUR) return MINUTE
  return windowMs <= DAY ? 5 * MINUTE : QUARTER_HOUR
}

/** A target that never judges this window would keep the alert silent for ever. */
function checkTargets(mapping: Mapping, condition: Condition, { id, targets }: Indicator, windowMs: number): void {
  if (condition.kind !== 'expression' || targets.length === 0) return
  const names = [...condition.fires.names, ...(condition.recovers?.names ?? [])]
  if (!names.includes('target') && !names.includes('attainment')) return
  const judges = targets.some(({ per, window }) => {
    if (per !== null) return (per === 'day' && windowMs === DAY) || (per === 'week' && windowMs === 7 * DAY)
    const length = window === null ? null : parseWindow(window)
    return length === null || (length.ok && length.ms === windowMs)
  })
  if (judges) return
  const lengths = [...new Set(targets.map(({ per, window }) => (per === null ? `window: ${window}` : `per: ${per}`)))]
  mapping.source.report(
    mapping.at(mapping.has('window') ? 'window' : 'condition'),
    'ambiguous_window',
    `${mapping.what} compares with the target of ${id}, which holds ${lengths.join(' and ')} and never judges this window.`,
    targets.some(({ per }) => per !== null)
      ? 'Ask whether the period will miss it: pace: { per: month }; or give the alert that window.'
      : 'Give the alert that window.',
  )
}

function checkPace(mapping: Mapping, indicator: Indicator, { catalog }: RuleWorld): void {
  if (isSumOfSums(catalog as Catalog, indicator)) return
  mapping.source.report(
    mapping.at('pace'),
    'wrong_value',
    `${indicator.id} does not add up over a period, so that no pace leads to its end.`,
    'Compare its value: condition: value < target.',
  )
}
