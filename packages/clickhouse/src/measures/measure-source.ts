import {
  type AnyMeasure,
  type Catalog,
  DAY,
  type DerivedMeasure,
  type Measure,
  type MeasureQuestion,
  type MeasureSource,
  type SliceCell,
  type SliceSource,
} from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { linksTableName } from '../derived/names.ts'
import { createAttributionReader } from '../journeys/attribution.ts'
import { createFunnelReader } from '../journeys/funnels.ts'
import { createPulse, type Pulse } from '../pulse.ts'
import { createAnswerCache } from './answer-cache.ts'
import { createClusterReader } from './clusters.ts'
import { createDerivedProgress } from './derived-progress.ts'
import type { DerivedReader } from './derived-reader.ts'
import { readDistinctPersons } from './distinct-persons.ts'
import { createEntityReader } from './entity-reader.ts'
import { isKept, type RawEvents } from './events.ts'
import { createReferenceReader } from './references.ts'
import { type BoundedRows, boundedRows, type QuestionLimits } from './statement.ts'

export interface MeasureSourceOptions extends QuestionLimits {
  readonly clickhouse: Pick<ClickHouse, 'rows'>
  /** shared with others who look whether something changed; default one of its own */
  readonly pulse?: Pulse
  readonly slices: SliceSource
  /** how long raw events are kept, ms; 0: they are not. Default 400 d */
  readonly rawRetentionMs?: number
  /** epoch ms; default the clock */
  readonly now?: () => number
  /** most bytes of kept answers; default 32 MiB */
  readonly cacheBytes?: number
}

const ENTITY_SETTINGS = {
  // each row of a block holds the history of a person; of many ranges each has its copy while they are told
  max_block_size: 8192,
  // conditions are over the sorting key only, which all versions of a row share: half of the work (measured)
  optimize_move_to_prewhere_if_final: 1,
}

/** One list of cells per question. */
type Cells = ReadonlyArray<readonly SliceCell[]>
type Question<M extends AnyMeasure> = Omit<MeasureQuestion, 'measures'> & { readonly measures: readonly M[] }
type Read<M extends AnyMeasure> = (catalog: Catalog, questions: ReadonlyArray<Question<M>>) => Promise<Cells>

/** Divides questions by kind of measure, reads each kind where it is, and puts the cells together by question. */
export function createMeasureSource(options: MeasureSourceOptions): MeasureSource {
  const rows = boundedRows(options.clickhouse, options)
  const raw = { keptMs: options.rawRetentionMs ?? 400 * DAY, now: options.now ?? Date.now }
  const pulse = options.pulse ?? createPulse({ clickhouse: options.clickhouse })
  const derived = createDerivedProgress(pulse)
  const cached = cachedBy(derived, options.cacheBytes ?? 32 << 20)
  const readers: ReadonlyArray<Read<AnyMeasure>> = [
    only<Measure>(isEventMeasure, eventMeasures(options.slices, rows, raw, pulse)),
    only(isOfKind('reference'), oneByOne(createReferenceReader())),
    only(isOfKind('entity'), cached(createEntityReader(boundedRows(options.clickhouse, options, ENTITY_SETTINGS)))),
    only(isOfKind('attributed'), cached(oneByOne(createAttributionReader({ rows })))),
    only(isOfKind('funnel'), cached(oneByOne(createFunnelReader({ rows })))),
  ]
  return {
    async read(catalog, questions) {
      const parts = await Promise.all(readers.map(read => read(catalog, questions)))
      return questions.map((_, index) => parts.flatMap(cells => cells[index]!))
    },
    progress: async () => (await pulse.beat()).partitions,
    derived,
    clusters: createClusterReader(rows, raw, pulse),
  }
}

/**
 * Event measures from slices, but for distinct persons: where ids are linked, they are counted in raw events, as long
 * as those are kept.
 */
function eventMeasures(
  slices: Pick<SliceSource, 'read'>,
  rows: BoundedRows,
  raw: RawEvents,
  pulse: Pulse,
): Read<Measure> {
  const isOfPersons = ({ agg, distinct }: Measure) => agg === 'count_distinct' && distinct === 'person'
  return async (catalog, questions) => {
    const counted = questions.filter(
      ({ measures, ranges }) => measures.some(isOfPersons) && ranges.every(range => isKept(raw, range)),
    )
    const links = counted.length === 0 ? null : linksTableName(catalog)
    const linked = links !== null && (await pulse.latest()).linked.has(links)
    const apart = new Set(linked ? counted : [])
    const [merged, persons] = await Promise.all([
      slices.read(
        questions.map(question => ({
          ...question,
          measures: question.measures.filter(measure => !(apart.has(question) && isOfPersons(measure))),
        })),
      ),
      Promise.all(
        questions.map(question =>
          apart.has(question)
            ? readDistinctPersons(rows, catalog, { ...question, measures: question.measures.filter(isOfPersons) })
            : [],
        ),
      ),
    ])
    return questions.map((_, index) => [...merged[index]!, ...persons[index]!])
  }
}

const isEventMeasure = (measure: AnyMeasure): measure is Measure =>
  measure.kind === undefined || measure.kind === 'event'

const isOfKind =
  <Kind extends DerivedMeasure['kind']>(kind: Kind) =>
  (measure: AnyMeasure): measure is Extract<DerivedMeasure, { kind: Kind }> =>
    measure.kind === kind

/** Reads what questions ask of measures of one kind. */
function only<M extends AnyMeasure>(isOne: (measure: AnyMeasure) => measure is M, read: Read<M>): Read<AnyMeasure> {
  return async (catalog, questions) => {
    const cells: Array<readonly SliceCell[]> = questions.map(() => [])
    const asked = questions.flatMap((question, index) => {
      const measures = question.measures.filter(isOne)
      return measures.length === 0 ? [] : [{ index, question: { ...question, measures } }]
    })
    if (asked.length === 0) return cells
    const found = await read(
      catalog,
      asked.map(({ question }) => question),
    )
    asked.forEach(({ index }, place) => {
      cells[index] = found[place]!
    })
    return cells
  }
}

const oneByOne =
  <Kind extends DerivedMeasure['kind']>(reader: DerivedReader<Kind>): Read<Extract<DerivedMeasure, { kind: Kind }>> =>
  (catalog, questions) =>
    Promise.all(questions.map(question => reader.read(catalog, question)))

/**
 * Keeps answers until derived tables, or what the catalog derives, change: dashboards ask each second, and the tables
 * change every ten. Questions that are not known are read together.
 */
function cachedBy(derived: MeasureSource['derived'], cacheBytes: number) {
  const identity = createIdentity()
  return <M extends AnyMeasure>(read: Read<M>): Read<M> => {
    const cache = createAnswerCache<readonly SliceCell[]>({ maxBytes: cacheBytes / 3, size: bytesOf })
    return async (catalog, questions) => {
      const { version, watermark } = await derived(
        catalog,
        questions.flatMap(question => question.measures),
      )
      // nothing is known from tables that are still being built
      if (watermark === null) return questions.map(() => [])
      const missing: Array<Question<M>> = []
      const together = Promise.withResolvers<Cells>()
      const answers = questions.map(question =>
        cache.get(JSON.stringify([version, identity(catalog), keyOf(question)]), () => {
          const place = missing.push(question) - 1
          return together.promise.then(cells => cells[place]!)
        }),
      )
      together.resolve(missing.length === 0 ? [] : read(catalog, missing))
      return Promise.all(answers)
    }
  }
}

const keyOf = ({ measures, ...rest }: Question<AnyMeasure>) => ({ ...rest, measures: measures.map(({ id }) => id) })

/** A number of what a catalog derives: a steered catalog has the definitions of the one it is made from. */
function createIdentity(): (catalog: Catalog) => number {
  const numbers = new WeakMap<Catalog['derivedMeasures'], number>()
  let next = 0
  return ({ derivedMeasures }) => {
    const known = numbers.get(derivedMeasures) ?? next++
    numbers.set(derivedMeasures, known)
    return known
  }
}

const bytesOf = (cells: readonly SliceCell[]): number =>
  cells.reduce((sum, { group, measure }) => sum + 200 + 2 * measure.length + 2 * group.join().length, 0)
