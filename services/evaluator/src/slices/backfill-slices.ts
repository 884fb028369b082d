/**
 * The slices of a measure for the time before it was in the catalog, from raw events, exactly once. The ledger knows by
 * which catalog each batch was judged: what those without the measure accepted was not counted by it. Each range is
 * noted before its blocks are written, and its blocks carry proofs, so that whoever goes on after a crash writes
 * exactly what is missing.
 */
import { randomBytes } from 'node:crypto'
import { loadCatalogFiles } from '@kivi/catalog'
import {
  type BackfillNote,
  type ClickHouse,
  type CountedRun,
  createBatchStore,
  createSliceBackfillStore,
  type SliceBackfillStore,
  type StoredEvent,
} from '@kivi/clickhouse'
import {
  type BatchStore,
  type Catalog,
  COMMON_TEXT_FIELDS,
  createHasher,
  createZone,
  foldPlain,
  type Hasher,
  hashToBigInt,
  KiviError,
  type Measure,
  type PlainEvent,
  type SourceRange,
} from '@kivi/domain'

export interface BackfillSlicesOptions {
  readonly clickhouse: ClickHouse
  readonly catalog: Catalog
  readonly measures: readonly Measure[]
  readonly signal: AbortSignal
  /** positions of the log, of all measures */
  readonly onProgress: (done: number, all: number) => void
  /** told of a measure that cannot be backfilled, which is then passed over; absent: the reason is thrown */
  readonly onRefused?: (measure: string, reason: string) => void
  /** positions that are folded at a time; default 50 000 */
  readonly positions?: number
  readonly now?: () => number
}

export interface BackfilledMeasure {
  readonly measure: string
  /** positions of the log that were read now */
  readonly positions: number
  /** that it counted */
  readonly events: number
}

/** Another backfill that was heard of less than this ago is taken to be running. */
const ALIVE_MS = 120_000
const POSITIONS = 50_000

/** Measures that were counted from the beginning on are passed over. Throws usage where one cannot be backfilled now. */
export async function backfillSlices(options: BackfillSlicesOptions): Promise<BackfilledMeasure[]> {
  const { clickhouse, catalog, measures, signal, positions = POSITIONS, now = Date.now } = options
  const batches = createBatchStore(clickhouse)
  const store = createSliceBackfillStore(clickhouse, batches)
  const judged = await judgedBy(store, batches, catalog)
  const by = randomBytes(6).toString('hex')
  const plans = []
  for (const measure of measures) {
    const reason = refusal(judged, measure)
    if (reason !== null) {
      if (options.onRefused === undefined) throw new KiviError('usage', reason)
      options.onRefused(measure.id, reason)
      continue
    }
    const counting = judged.filter(({ catalog }) => catalog?.measures.has(measure.id))
    // most measures were there from the beginning
    if (counting.length === judged.length) continue
    const runs = await store.runs(counting.map(({ hash }) => hash))
    const before = await store.read(measure.id)
    const rest = open(runs, before)
    if (rest.length === 0 && before?.pending == null) continue
    if (before !== null && !before.finished && now() - before.at < ALIVE_MS)
      throw new KiviError(
        'usage',
        `Another backfill of ${measure.id} was at work ${Math.ceil((now() - before.at) / 1000)} s ago. Two at once would count twice; if it is gone, try again in two minutes.`,
      )
    plans.push({ measure, before, rest })
  }
  const hasher = createHasher(await batches.seed())
  const all = plans.reduce((sum, { rest }) => sum + rest.reduce((n, run) => n + run.to - run.from, 0), 0)
  const finished: BackfilledMeasure[] = []
  let done = 0
  for (const { measure, before, rest } of plans) {
    const fold = folderOf(store, catalog, measure, hasher, now)
    let note: BackfillNote = before ?? { done: [], pending: null, step: 0, by, at: 0, finished: false }
    const write = async (changes: Partial<BackfillNote>): Promise<void> => {
      note = { ...note, finished: false, ...changes, step: note.step + 1, by, at: now() }
      await store.note(measure.id, note)
    }
    let events = 0
    let read = 0
    const carryOut = async (range: SourceRange): Promise<void> => {
      signal.throwIfAborted()
      if (note.pending === null) await write({ pending: range })
      events += await fold(range)
      read += range.to - range.from
      await write({ pending: null, done: advanced(note.done, range) })
      options.onProgress(Math.min(all, done + read), all)
    }
    // as it was begun, also where its run has grown since
    if (note.pending !== null) await carryOut(note.pending)
    for (const range of open(rest, note).flatMap(run => cut(run, positions))) await carryOut(range)
    await write({ finished: true })
    done += read
    finished.push({ measure: measure.id, positions: read, events })
  }
  return finished
}

interface Judged {
  readonly hash: string
  /** null: it is not stored, or this version of Kivi cannot read it */
  readonly catalog: Catalog | null
}

async function judgedBy(
  store: SliceBackfillStore,
  batches: Pick<BatchStore, 'loadCatalog'>,
  current: Catalog,
): Promise<Judged[]> {
  const found: Judged[] = []
  for (const hash of await store.catalogs()) {
    const files = hash === current.hash ? null : await batches.loadCatalog(hash)
    const loaded = files === null ? null : (loadCatalogFiles(files).catalog ?? null)
    found.push({ hash, catalog: hash === current.hash ? current : loaded })
  }
  return found
}

/** Why a measure cannot be backfilled; null: it can. */
function refusal(judged: readonly Judged[], measure: Measure): string | null {
  const unknown = judged.find(({ catalog }) => catalog === null)
  if (unknown !== undefined)
    return `Some events were counted by catalog ${unknown.hash.slice(0, 12)}, which is not stored or which this version of Kivi cannot read, so that nobody can say whether ${measure.id} counted them.`
  const others = judged.flatMap(({ catalog }) => catalog!.measures.get(measure.id) ?? [])
  if (others.every(other => definition(other) === definition(measure))) return null
  return `${measure.id} was counted by another definition before, and its slices hold both. Give the new definition an id of its own; that one can be backfilled.`
}

const definition = ({ agg, events, filter, expr, distinct, dimensions }: Measure): string =>
  JSON.stringify([agg, [...events].sort(), plain(filter?.source), plain(expr?.source), distinct, dimensions])

const plain = (source: string | undefined): string | null => source?.replaceAll(/\s+/g, ' ') ?? null

const isOf = (a: Omit<SourceRange, 'from' | 'to'>, b: Omit<SourceRange, 'from' | 'to'>): boolean =>
  a.topic === b.topic && a.partition === b.partition && a.lineage === b.lineage

/** What of the runs was not counted and is not backfilled yet. */
function open(runs: readonly CountedRun[], note: BackfillNote | null): CountedRun[] {
  return runs
    .filter(({ counted }) => !counted)
    .map(run => {
      const reached = note?.done.find(each => isOf(each, run))?.position ?? 0
      return { ...run, from: Math.max(run.from, reached) }
    })
    .filter(({ from, to }) => from < to)
}

function cut({ topic, partition, lineage, from, to }: CountedRun, positions: number): SourceRange[] {
  const count = Math.ceil((to - from) / positions)
  return Array.from({ length: count }, (_, n) => ({
    topic,
    partition,
    lineage,
    from: from + n * positions,
    to: Math.min(to, from + (n + 1) * positions),
  }))
}

const advanced = (done: BackfillNote['done'], { topic, partition, lineage, to }: SourceRange): BackfillNote['done'] => [
  ...done.filter(each => !isOf(each, { topic, partition, lineage })),
  { topic, partition, lineage, position: to },
]

/** Folds the raw events of a range and writes their slices; gives how many events it counted. */
function folderOf(store: SliceBackfillStore, catalog: Catalog, measure: Measure, hasher: Hasher, now: () => number) {
  const zone = createZone(catalog.timezone)
  return async (range: SourceRange): Promise<number> => {
    const events: PlainEvent[] = []
    for await (const stored of store.events(range, measure.events, COMMON_TEXT_FIELDS))
      events.push(plainEvent(stored, catalog, hasher))
    const rows = foldPlain(events, [measure], zone)
    const months = Map.groupBy(rows, row => row.month)
    for (const [month, list] of [...months].sort(([a], [b]) => a - b))
      await store.write(range, measure.id, month, list, now())
    return rows.filter(row => row.level === 3).reduce((sum, row) => sum + row.count, 0)
  }
}

function plainEvent(stored: StoredEvent, catalog: Catalog, hasher: Hasher): PlainEvent {
  const type = catalog.eventTypes.get(stored.event_type)
  const common = COMMON_TEXT_FIELDS.flatMap((name, i) => (stored.common[i] === '' ? [] : [[name, stored.common[i]]]))
  // booleans are stored as 0 and 1
  const numbers = Object.entries(stored.numbers).map(([name, value]) => [
    name,
    type?.fields.get(name)?.kind === 'boolean' ? value === 1 : value,
  ])
  const fields: Record<string, unknown> = {
    event_type: stored.event_type,
    ...Object.fromEntries(common),
    ...stored.strings,
    ...Object.fromEntries(numbers),
    properties: stored.properties,
  }
  return {
    fields,
    time: stored.time,
    // whether they came late is not kept: what is made afterwards is not called revised
    watermarkBefore: -1,
    person: BigInt(stored.person),
    hashOf(field) {
      const value = field.startsWith('properties.')
        ? stored.properties[field.slice('properties.'.length)]
        : fields[field]
      if (typeof value !== 'string') return 0n
      hasher.ofText(value)
      return hashToBigInt(hasher.high, hasher.low)
    },
  }
}
