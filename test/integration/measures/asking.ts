import { readdir, readFile } from 'node:fs/promises'
import { loadCatalogFiles } from '@kivi/catalog'
import type { AnyMeasure, Catalog, DimensionFilter, MeasureSource } from '@kivi/domain'
import { parse, stringify } from 'yaml'
import { measureOutcome } from '../../../packages/domain/src/indicators/measures.ts'

/** The shipped event types with YAML of sections beside them. */
export async function catalogWith(yaml: string, settings: Readonly<Record<string, unknown>> = {}): Promise<Catalog> {
  const shipped = parse(await readFile(new URL('../../../catalog/kivi.yaml', import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >
  const { surveys } = shipped
  const kivi = { timezone: 'UTC', currency: 'EUR', surveys, ...ACTIVE, ...settings }
  const files = new Map([
    ['kivi.yaml', stringify(kivi)],
    ['my.yaml', yaml],
  ])
  const directory = new URL('../../../catalog/events/', import.meta.url)
  for (const name of await readdir(directory))
    files.set(`events/${name}`, await readFile(new URL(name, directory), 'utf8'))
  const loaded = loadCatalogFiles(files)
  if (loaded.catalog === undefined) throw new Error(JSON.stringify(loaded.problems, null, 2))
  return loaded.catalog
}

const ACTIVE = {
  active: {
    events: [
      ...['page_view', 'click', 'engagement', 'login', 'feature_use', 'search', 'cart', 'checkout', 'signup'],
      ...['purchase', 'survey'],
    ],
    also: [
      { event: 'ticket', filter: "action == 'opened'" },
      { event: 'campaign_contact', filter: "action == 'participated'" },
    ],
  },
}

export interface Asking {
  readonly measures: readonly string[]
  /** one or several [from, to) */
  readonly windows: ReadonlyArray<readonly [string, string]>
  readonly by?: readonly string[]
  readonly filters?: readonly DimensionFilter[]
  /** the watermark */
  readonly known?: string
  /** the answer as of then */
  readonly asOf?: string
}

export const measureOf = (catalog: Catalog, id: string): AnyMeasure => {
  const measure = catalog.measures.get(id) ?? catalog.derivedMeasures.get(id)
  if (measure === undefined) throw new Error(`no measure ${id}`)
  return measure
}

/** Values by measure, then window, then group (its values joined by `/`; '' without groups). */
export async function ask(
  source: MeasureSource,
  catalog: Catalog,
  { measures, windows, by = [], filters = [], known = '2030-01-01T00:00:00Z', asOf }: Asking,
): Promise<Record<string, ReadonlyArray<Readonly<Record<string, number | null>>>>> {
  const asked = measures.map(id => measureOf(catalog, id))
  const ranges = windows.map(([from, to]) => ({ from: Date.parse(from), to: Date.parse(to) }))
  const [cells] = await source.read(catalog, [
    { measures: asked, ranges, by, filters, known: Date.parse(asOf ?? known), asOf: asOf !== undefined },
  ])
  return Object.fromEntries(
    asked.map(measure => [
      measure.id,
      ranges.map((_, range) =>
        Object.fromEntries(
          cells!
            .filter(cell => cell.measure === measure.id && cell.range === range)
            .map(cell => [cell.group.join('/'), measureOutcome(measure, cell.parts, true).value]),
        ),
      ),
    ]),
  )
}

/** Of one window without groups: the values; 0 or null as the measure's `empty` says where there is nothing. */
export async function tell(
  source: MeasureSource,
  catalog: Catalog,
  window: readonly [string, string],
  measures: readonly string[],
  rest: Omit<Asking, 'measures' | 'windows'> = {},
): Promise<Record<string, number | null>> {
  const found = await ask(source, catalog, { measures, windows: [window], ...rest })
  return Object.fromEntries(
    measures.map(id => {
      const value = found[id]![0]!['']
      return [id, value === undefined ? measureOutcome(measureOf(catalog, id), undefined, true).value : value]
    }),
  )
}
