import {
  createDecoder,
  createDictionary,
  createEventColumns,
  type Decoder,
  deadLetter,
  type SchemaRegistry,
} from '@kivi/decoding'
import {
  type Catalog,
  createFolder,
  createJudge,
  createZone,
  type Dictionary,
  type EventColumns,
  type Folder,
  type FoldMemory,
  type Hasher,
  type JudgeSettings,
  MOST_UNKNOWN_SCHEMAS,
  type NewRecord,
  OUTCOME,
  type RecordSet,
  type Zone,
} from '@kivi/domain'
import { blocksOf } from './blocks.ts'
import type { Intake, IntakeStart, ReadyBatch } from './intake.ts'
import { createRawRows, type RawRows } from './raw-rows.ts'

/**
 * The way of a record through the worker, as the data goes:
 *
 *   decode → judge (too late, too early, duplicate) → fold into slices → keep the raw event → set broken ones aside
 *
 * and, when the batch is cut, its blocks for the store. All of it is a function of the log and the catalog.
 */

export interface TopologyDeps {
  readonly registry: SchemaRegistry
  /** keyed with the installation's seed */
  readonly hasher: Hasher
  readonly judge: JudgeSettings
  /** are raw events kept? */
  readonly raw: boolean
  readonly limits: BatchLimits
  /** of all partitions: a folded batch is serialised before another one is taken */
  readonly memory: FoldMemory
  readonly worker: string
  readonly now: () => number
}

/** A batch is cut at the first of these. They bound the worker's memory and the size of a block. */
export interface BatchLimits {
  readonly records: number
  /** 10 s cells of the fold */
  readonly cells: number
  /** bytes of the fold's tables and of raw rows */
  readonly bytes: number
}
export const BATCH_LIMITS: BatchLimits = { records: 100_000, cells: 100_000, bytes: 32 << 20 }

/** Rows that are decoded, judged and folded together: small enough for the processor's cache. */
const CHUNK_ROWS = 2048
/** Texts per dictionary beyond which it is begun anew with the next batch. */
const MOST_TEXTS = 100_000

/** What folds under one catalog: decoder, dictionaries, columns and fold. */
interface Engine {
  readonly catalog: Catalog
  readonly decoder: Decoder
  readonly dictionaries: readonly Dictionary[]
  readonly columns: EventColumns
  readonly folder: Folder
  readonly zone: Zone
}

function createEngine(catalog: Catalog, deps: TopologyDeps): Engine {
  const { registry, hasher } = deps
  const { layout } = catalog
  const dictionaries = layout.strings.map((_, column) => createDictionary(layout.constants[column] ?? []))
  const zone = createZone(catalog.timezone)
  const measures = [...catalog.measures.values()]
  return {
    catalog,
    decoder: createDecoder({ catalog, registry, hasher }),
    dictionaries,
    columns: createEventColumns(layout, CHUNK_ROWS),
    folder: createFolder({ measures, layout, zone, dictionaries, memory: deps.memory }),
    zone,
  }
}

export interface IntakeCatalogs {
  /** the one that folds the first batch: of the plan at a replay */
  readonly first: Catalog
  /** asked at each cut: the one in force */
  readonly current: () => Catalog
}

/** The open batch of a partition. Before the first record, restore the judge's memory with `restoreIds`. */
export function createIntake(
  start: IntakeStart,
  catalogs: IntakeCatalogs,
  deps: TopologyDeps,
): Intake & { restoreIds(hashes: BigUint64Array, stamps: Float64Array): void } {
  const { topic, partition, lineage } = start
  const { registry, limits } = deps
  const judge = createJudge(deps.judge)
  if (start.ledger) judge.restore({ highStamp: start.ledger.highStamp, watermark: start.ledger.watermark })
  let engine = createEngine(catalogs.first, deps)
  // a replay folds with the catalog of its plan, whatever is in force now
  let pinned = start.catalog !== null
  const raw: RawRows | null = deps.raw ? createRawRows({ topic, partition, lineage }, deps.hasher) : null
  let from = start.position
  let position = start.position
  let records = 0
  let openedAt = deps.now()
  let deadLetters: NewRecord[] = []
  let deadBytes = 0
  /** pinned by the plan, so that a replay rejects the same */
  let unknown = new Set<number>(start.unknownSchemas ?? [])

  async function prepare(set: RecordSet, first: number, last: number): Promise<number> {
    // a partition may have been silent for hours when the catalog changed
    if (records === 0 && !pinned) takeCatalogInForce()
    let end = last
    for (;;) {
      const ids = engine.decoder.unresolved(set, first, end, unknown)
      if (ids.length === 0) return end
      const missing = await registry.resolve(ids)
      // the plan pins them, and it has to stay small: garbage can name a new one with each message
      if (unknown.size + missing.length <= MOST_UNKNOWN_SCHEMAS || end === first + 1) {
        for (const id of missing) unknown.add(id)
        return end
      }
      end = first + Math.ceil((end - first) / 2)
    }
  }

  function add(set: RecordSet, first: number, last: number): void {
    if (records === 0) openedAt = deps.now()
    for (let row = first; row < last; row += CHUNK_ROWS) addChunk(set, row, Math.min(last, row + CHUNK_ROWS))
    records += last - first
    position = set.offset[last - 1]! + 1
  }

  function addChunk(set: RecordSet, first: number, last: number): void {
    const { decoder, dictionaries, columns, folder } = engine
    decoder.decode(set, first, last, dictionaries, columns, unknown)
    judge.judge(columns, 0, columns.count)
    folder.add(columns, judge.watermarkBefore, 0, columns.count)
    if (raw !== null) keepRaw(set, first, columns)
    if (columns.rejections.size > 0) setAside(set, first, columns)
  }

  function keepRaw(set: RecordSet, first: number, columns: EventColumns): void {
    for (let i = 0; i < columns.count; i++) {
      if (columns.outcome[i] !== OUTCOME.accepted) continue
      const row = first + i
      const decoded = engine.decoder.event(set.bytes.subarray(set.valueStart[row]!, set.valueEnd[row]!), unknown)
      if ('rejection' in decoded)
        throw new Error(`an accepted event cannot be decoded again: ${decoded.rejection.detail}`)
      raw!.add(decoded.event, set.offset[row]!, set.stamp[row]!, engine.zone)
    }
  }

  function setAside(set: RecordSet, first: number, columns: EventColumns): void {
    for (const [i, rejection] of columns.rejections) {
      const letter = deadLetter(set, first + i, rejection, topic)
      deadLetters.push(letter)
      deadBytes += Buffer.byteLength(letter.value ?? '')
    }
  }

  function take(): ReadyBatch {
    const judged = judge.cut()
    const ledger = {
      topic,
      lineage,
      partition,
      from,
      to: position,
      records: judged.records,
      accepted: judged.counts.accepted,
      duplicate: judged.counts.duplicate,
      rejected: judged.counts.rejected,
      tooLate: judged.counts.too_late,
      tooEarly: judged.counts.too_early,
      digest: judged.digest,
      lastOffset: judged.lastOffset,
      lastStamp: judged.lastStamp,
      highStamp: judged.highStamp,
      firstEventTime: judged.firstEventTime,
      lastEventTime: judged.lastEventTime,
      watermark: judged.watermark,
      catalogHash: engine.catalog.hash,
      idHashes: judged.idHashes,
      idStamps: judged.idStamps,
      worker: deps.worker,
      durationMs: deps.now() - openedAt,
    }
    const inserts = blocksOf(engine.folder.take(), raw?.take() ?? [], ledger, deps.now())
    const batch: ReadyBatch = {
      cut: {
        from,
        to: position,
        records: judged.records,
        digest: judged.digest,
        catalog: engine.catalog.hash,
        unknownSchemas: [...unknown],
        hasDeadLetters: deadLetters.length > 0,
        inserts: inserts.length,
      },
      inserts,
      deadLetters,
      ledger,
    }
    begin()
    return batch
  }

  /** The next batch begins where this one ends, under the catalog in force. */
  function begin(): void {
    from = position
    records = 0
    deadLetters = []
    deadBytes = 0
    unknown = new Set()
    pinned = false
    if (!takeCatalogInForce())
      for (const dictionary of engine.dictionaries) if (dictionary.size > MOST_TEXTS) dictionary.reset()
  }

  function takeCatalogInForce(): boolean {
    const current = catalogs.current()
    if (current.hash === engine.catalog.hash) return false
    engine = createEngine(current, deps)
    return true
  }

  return {
    get position() {
      return position
    },
    get records() {
      return records
    },
    get full() {
      const { cells, bytes } = engine.folder.size()
      return (
        records >= limits.records ||
        cells >= limits.cells ||
        bytes + (raw?.bytes ?? 0) + deadBytes >= limits.bytes ||
        unknown.size >= MOST_UNKNOWN_SCHEMAS
      )
    },
    get watermark() {
      return judge.watermark
    },
    prepare,
    add,
    skipTo(to) {
      position = Math.max(position, to)
    },
    take,
    restoreIds: judge.restoreIds,
  }
}
