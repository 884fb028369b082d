import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog, Indicator } from '@kivi/domain'
import { ALERT_SECTIONS, isAlertFile, readAlerting } from './definitions/alerts/alerting.ts'
import { CALENDAR_FOLDER } from './definitions/alerts/time-intervals.ts'
import { readDerived } from './definitions/derived.ts'
import { DIGEST_SECTIONS, isDigestFile, readDigests } from './definitions/digests/digests.ts'
import { ENTITY_KEYS } from './definitions/entities/entity.ts'
import { activeOf } from './definitions/event-selections.ts'
import { WINDOW_NAMES } from './definitions/formulas/formula.ts'
import { type DeclaredIndicator, INDICATOR_KEYS, readIndicator } from './definitions/indicators.ts'
import { readInvalidTraffic } from './definitions/invalid-traffic.ts'
import { definitionOf, joinIndicators } from './definitions/join.ts'
import type { LoadedMeasure } from './definitions/joined/graph.ts'
import { readJourneySettings } from './definitions/journey-settings.ts'
import { ATTRIBUTION_KEYS } from './definitions/journeys/attributions.ts'
import { FUNNEL_KEYS } from './definitions/journeys/funnels.ts'
import { REFERENCE_FOLDER, REFERENCE_KEYS } from './definitions/journeys/references.ts'
import { SEGMENTS_KEYS } from './definitions/journeys/segments.ts'
import { kindOf, refuseKeys } from './definitions/measure-kinds.ts'
import { type CompiledMeasure, readMeasure } from './definitions/measures.ts'
import { checkSurveys, NO_SETTINGS, readSettings, SETTINGS_FILE, type Settings } from './definitions/settings.ts'
import { type LoadedEventType, readEventType, readOlderSchema } from './events/event-type.ts'
import { hashOf } from './hash.ts'
import { layoutOf } from './layout.ts'
import { type Keys, Mapping } from './mapping.ts'
import { inOrder, type Problem } from './problems.ts'
import { readSource, type Source } from './source.ts'
import { didYouMean } from './suggest.ts'

export type Loaded =
  | { readonly catalog: Catalog; readonly problems?: undefined }
  | { readonly problems: readonly Problem[]; readonly catalog?: undefined }

/** what event types looked like before, for producers that still write so */
const OLDER = 'events/older'

/** The sections of a catalog's files, with what one of their definitions is called and the keys that it can have. */
const SECTIONS = {
  measures: { noun: 'measure', keys: null },
  indicators: { noun: 'indicator', keys: INDICATOR_KEYS },
  entities: { noun: 'entity', keys: ENTITY_KEYS },
  attributions: { noun: 'attribution', keys: ATTRIBUTION_KEYS },
  references: { noun: 'reference', keys: REFERENCE_KEYS },
  funnels: { noun: 'funnel', keys: FUNNEL_KEYS },
  segments: { noun: 'segments', keys: SEGMENTS_KEYS },
} as const satisfies Readonly<Record<string, { noun: string; keys: Keys | null }>>
const ID = /^[a-z][a-z0-9_]{0,63}$/

/** Words that mean something else where ids stand. */
const RESERVED = [
  ...['person', 'properties', 'has', 'min', 'max', 'in', 'true', 'false', 'null', 'value', 'target'],
  ...WINDOW_NAMES,
]

/** Reads a catalog's directory: `*.yaml`, and `events/*.avsc`. All problems are found at once. */
export async function loadCatalog(directory: string): Promise<Loaded> {
  const { files, problems } = await readCatalogFiles(directory)
  return problems.length > 0 ? { problems } : loadCatalogFiles(files)
}

/** The texts that a catalog's directory has now, by name, and what of it cannot be read. Nothing is looked into. */
export async function readCatalogFiles(
  directory: string,
): Promise<{ readonly files: ReadonlyMap<string, string>; readonly problems: readonly Problem[] }> {
  const files = new Map<string, string>()
  const problems: Problem[] = []
  const refuse = (file: string, message: string, suggestion?: string): void => {
    problems.push({ file, line: 1, column: 1, code: 'unreadable', message, ...(suggestion ? { suggestion } : {}) })
  }
  const list = async (folder: string, ending: RegExp): Promise<void> => {
    const names = (await readdir(join(directory, folder))).filter(name => ending.test(name) && !name.startsWith('.'))
    for (const name of names.sort()) {
      const path = folder === '' ? name : `${folder}/${name}`
      try {
        files.set(path, new TextDecoder('utf-8', { fatal: true }).decode(await readFile(join(directory, path))))
      } catch (error) {
        refuse(
          path,
          error instanceof TypeError
            ? 'the file is not UTF-8.'
            : `the file cannot be read: ${(error as Error).message}.`,
        )
      }
    }
  }
  try {
    await list('', /\.ya?ml$/)
  } catch {
    refuse(
      directory,
      'there is no catalog here: the directory cannot be read.',
      'Set KIVI_CATALOG to the directory that holds kivi.yaml.',
    )
    return { files, problems }
  }
  await list('events', /\.avsc$/).catch(() =>
    refuse(
      'events',
      'there is no directory events with the schemas of the event types.',
      'Copy the one that ships with Kivi.',
    ),
  )
  // most catalogs have none
  await list(OLDER, /\.avsc$/).catch(() => {})
  await list(REFERENCE_FOLDER, /\.csv$/).catch(() => {})
  await list(CALENDAR_FOLDER, /\.csv$/).catch(() => {})
  return { files, problems }
}

/** The same from texts by name (`kivi.yaml`, `events/click.avsc`), as a stored catalog has them. */
export function loadCatalogFiles(files: ReadonlyMap<string, string>): Loaded {
  const problems: Problem[] = []
  const events = readEvents(files, problems)
  const eventTypes = new Map([...events].map(([name, loaded]) => [name, loaded.type]))
  const older = readOlderSchemas(files, new Set(eventTypes.keys()), problems)
  const settings = readSettingsFile(files, problems)
  checkSurveys(settings, eventTypes)
  const sections = readSections(files, problems)
  const traffic = readInvalidTraffic(settings)
  const measures = new Map<string, CompiledMeasure>()
  for (const [id, mapping] of sections.measures) {
    if (kindOf(mapping) !== 'event') continue
    const measure = readMeasure(id, mapping, eventTypes, traffic)
    if (measure) measures.set(id, measure)
  }
  const journeys = readJourneySettings(settings, eventTypes)
  const derived = readDerived(sections, {
    ...{ eventTypes, files, problems, ...journeys },
    ...{ traffic, counted: traffic.valid },
    ...{ timezone: settings.timezone, zone: settings.zone },
  })
  const ids = new Set([...sections.measures.keys(), ...sections.indicators.keys(), ...derived.measures.keys()])
  const declared = new Map<string, DeclaredIndicator>()
  for (const [id, mapping] of sections.indicators) {
    const indicator = readIndicator(id, mapping, ids, settings.zone)
    if (indicator) declared.set(id, indicator)
  }
  const joined = joinIndicators(declared, new Map<string, LoadedMeasure>([...measures, ...derived.measures]), {
    eventTypes,
    timezone: settings.timezone,
    fiscalYearStart: settings.fiscalYearStart,
    linkedBy: journeys.linkedBy,
    valid: traffic.valid,
    entities: derived.entities,
    attributions: derived.attributions,
    funnels: derived.funnels,
    references: derived.references,
  })
  const { alerting, receiverNames } = readAlerting({
    ...{ ids, files, problems, timezone: settings.timezone },
    catalog: { indicators: joined, measures, derivedMeasures: derived.measures },
  })
  const digests = readDigests({
    ...{ files, problems, alerting, receiverNames },
    catalog: { indicators: joined, northStar: settings.northStar },
  })
  checkNames(settings, ids)
  if (problems.length > 0) return { problems: inOrder(problems) }
  return {
    catalog: {
      hash: hashOf({
        zone: settings.timezone,
        events: [...events.values()].map(({ type, schema }) => [schema, [...type.defaults]]),
        older: [...older].sort(),
        surveys: [...settings.surveys.values()].sort((a, b) => (a.survey < b.survey ? -1 : 1)),
        measures: [...measures.values()].map(definitionOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
      }),
      timezone: settings.timezone,
      currency: settings.currency,
      fiscalYearStart: settings.fiscalYearStart,
      eventTypes,
      surveys: settings.surveys,
      measures,
      derivedMeasures: derived.measures,
      entities: derived.entities,
      attributions: derived.attributions,
      references: derived.references,
      funnels: derived.funnels,
      valueSegments: derived.valueSegments,
      linkedBy: journeys.linkedBy,
      active: activeOf({ active: journeys.active, traffic, counted: traffic.valid }),
      valid: traffic.valid,
      indicators: inBoardOrder(joined, settings),
      alerting,
      digests,
      northStar: settings.northStar.map(({ nodes: _, ...entry }) => entry).sort((a, b) => a.from - b.from),
      layout: layoutOf(eventTypes.keys(), [...measures.values()]),
      schemas: new Map([...events].map(([name, loaded]) => [name, loaded.schema])),
      olderSchemas: older,
      files: new Map(files),
    },
  }
}

/** What is wrong with a catalog: nothing, when all is well. */
export async function checkCatalog(directory: string): Promise<readonly Problem[]> {
  return (await loadCatalog(directory)).problems ?? []
}

function readEvents(files: ReadonlyMap<string, string>, problems: Problem[]): Map<string, LoadedEventType> {
  const found = new Map<string, LoadedEventType>()
  for (const file of [...files.keys()].filter(name => /^events\/[^/]+\.avsc$/.test(name)).sort()) {
    const loaded = readEventType(file, files.get(file)!, problems)
    if (loaded) found.set(loaded.type.name, loaded)
  }
  return found
}

function readOlderSchemas(
  files: ReadonlyMap<string, string>,
  eventTypes: ReadonlySet<string>,
  problems: Problem[],
): string[] {
  return [...files.keys()]
    .filter(name => name.startsWith(`${OLDER}/`))
    .sort()
    .flatMap(file => readOlderSchema(file, files.get(file)!, eventTypes, problems) ?? [])
}

function readSettingsFile(files: ReadonlyMap<string, string>, problems: Problem[]): Settings {
  const text = files.get(SETTINGS_FILE)
  if (text === undefined) {
    problems.push({
      file: SETTINGS_FILE,
      line: 1,
      column: 1,
      code: 'unreadable',
      message: 'the file is missing.',
      suggestion: 'It holds at least timezone: UTC and currency: EUR.',
    })
    return NO_SETTINGS
  }
  const before = problems.length
  const source = readSource(SETTINGS_FILE, text, problems)
  if (source.root === null && problems.length > before) return NO_SETTINGS
  return readSettings(source)
}

type Section = keyof typeof SECTIONS
type Sections = Readonly<Record<Section, Map<string, Mapping>>>

function readSections(files: ReadonlyMap<string, string>, problems: Problem[]): Sections {
  const known = Object.keys(SECTIONS) as Section[]
  const sections = Object.fromEntries(known.map(section => [section, new Map()])) as unknown as Sections
  const names = [...files.keys()]
    .filter(name => /^[^/]+\.ya?ml$/.test(name) && name !== SETTINGS_FILE && !isAlertFile(name) && !isDigestFile(name))
    .sort()
  for (const file of names) {
    const source = readSource(file, files.get(file)!, problems)
    // a file of comments only is no mistake
    if (source.root === null) continue
    const root = Mapping.read(source, source.root, file, { known: [...known, ...ALERT_SECTIONS, ...DIGEST_SECTIONS] })
    for (const section of ALERT_SECTIONS) if (root?.has(section)) refuseAlerts(root, section)
    for (const section of DIGEST_SECTIONS) if (root?.has(section)) refuseDigests(root, section)
    for (const section of known) if (root?.has(section)) addDefinitions(root, section, sections[section])
  }
  return sections
}

function refuseAlerts(root: Mapping, section: string): void {
  root.source.report(
    root.keyAt(section),
    'unknown_key',
    `${section} stands in a file that is not about alerts.`,
    'Put it into alerts.yaml, or alerts.NAME.yaml.',
  )
}

function refuseDigests(root: Mapping, section: string): void {
  const message = `${section} stands in a file that is not about digests.`
  root.source.report(root.keyAt(section), 'unknown_key', message, 'Put it into digests.yaml, or digests.NAME.yaml.')
}

function addDefinitions(root: Mapping, section: Section, into: Map<string, Mapping>): void {
  const { noun, keys } = SECTIONS[section]
  const definitions = root.mapping(section, section, null)
  for (const [id, mapping] of definitions?.entries(name => `${noun} ${name}`, null) ?? []) {
    if (keys === null) refuseKeys(mapping)
    else mapping.refuseUnknown(keys)
    const at = definitions!.keyAt(id)
    if (!ID.test(id))
      mapping.source.report(
        at,
        'bad_id',
        `${id} cannot be an id: small letters, digits and _ only, a letter first, at most 64.`,
        didYouMean(
          id,
          [id.toLowerCase().replace(/[^a-z0-9]+/g, '_')].filter(name => ID.test(name)),
        ),
      )
    else if ((section === 'measures' || section === 'indicators') && RESERVED.includes(id))
      mapping.source.report(
        at,
        'bad_id',
        `${id} means something else in expressions.`,
        `Name it ${id}_${noun}, for example.`,
      )
    if (into.has(id)) {
      const first = into.get(id)!
      mapping.source.report(
        at,
        'duplicate_id',
        `there is another ${noun} ${id} in ${first.source.file}.`,
        'Give one of them another id.',
      )
    } else into.set(id, mapping)
  }
}

function checkNames(settings: Settings, ids: ReadonlySet<string>): void {
  const check = (source: Source, name: string, node: Parameters<Source['report']>[0], where: string): void => {
    if (!ids.has(name))
      source.report(node, 'unknown_name', `${where}: there is no indicator ${name}.`, didYouMean(name, ids))
  }
  if (settings.source === null) return
  for (const { value, node } of settings.board) check(settings.source, value, node, 'board')
  for (const { indicators, nodes } of settings.northStar) {
    indicators.forEach((name, i) => {
      check(settings.source!, name, nodes[i]!, 'north_star')
    })
  }
}

/** kivi.yaml's board first, in its order; then the rest in the order of the files. */
function inBoardOrder(indicators: ReadonlyMap<string, Indicator>, settings: Settings): Map<string, Indicator> {
  const ordered = new Map<string, Indicator>()
  for (const { value } of settings.board) ordered.set(value, { ...indicators.get(value)!, board: true })
  for (const [id, indicator] of indicators) if (!ordered.has(id)) ordered.set(id, indicator)
  return ordered
}
