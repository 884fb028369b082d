/** Topics, partitions and their records in SQLite. Synchronous; transactions are the caller's where it says so. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { KiviError } from '@kivi/domain'
import { encodeBatch, type PreparedRecord, setBaseOffset } from '../record-batch-writer.ts'
import { inTransaction } from './database.ts'

/** ids are slot × 2^40 + base offset: exact in a double up to 8,191 partitions of 10^12 records */
const SLOT = 2 ** 40
/** A batch is cut at about this size: the unit of reading and of retention. */
const BATCH_BYTES = 512 * 1024

interface PartitionRow {
  readonly slot: number
  readonly partition: number
  readonly low: number
  readonly high: number
}

export interface EncodedBatch {
  readonly partition: number
  readonly count: number
  readonly data: Buffer
}

export class Storage {
  readonly db: DatabaseSync
  readonly #slots = new Map<string, readonly number[]>()
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.db = db
  }

  /** A prepared statement, kept. */
  sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.db.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }

  /** Creates the topic where it is missing. */
  ensureTopic(topic: string, partitions: number): void {
    if (this.#rows(topic).length > 0) return
    inTransaction(this.db, () => {
      for (let partition = 0; partition < partitions; partition++)
        this.sql('insert or ignore into partitions (topic, partition, low, high) values (?, ?, 0, 0)').run(
          topic,
          partition,
        )
    })
  }

  /** How many partitions the topic has; they are numbered from 0. */
  partitions(topic: string): number {
    return this.#slotsOf(topic).length
  }

  bounds(topic: string): Map<number, { low: number; high: number }> {
    this.#slotsOf(topic)
    return new Map(this.#rows(topic).map(({ partition, low, high }) => [partition, { low, high }]))
  }

  high(topic: string, partition: number): number {
    const row = this.sql('select high from partitions where slot = ?').get(this.#slot(topic, partition))
    return (row as { high: number }).high
  }

  /** Records of one topic as batches, in order within each partition. */
  encode(records: readonly PreparedRecord[]): EncodedBatch[] {
    const open = new Map<number, { size: number; records: PreparedRecord[] }>()
    const batches: EncodedBatch[] = []
    const close = (partition: number, { records }: { records: PreparedRecord[] }) =>
      batches.push({ partition, count: records.length, data: encodeBatch(records) })
    for (const record of records) {
      const batch = open.get(record.partition)
      if (batch && batch.size + record.size <= BATCH_BYTES) {
        batch.size += record.size
        batch.records.push(record)
        continue
      }
      if (batch) close(record.partition, batch)
      open.set(record.partition, { size: record.size, records: [record] })
    }
    for (const [partition, batch] of open) close(partition, batch)
    return batches
  }

  /** Appends; the caller's transaction makes it one. */
  append(topic: string, batches: readonly EncodedBatch[], now: number): void {
    const insert = this.sql('insert into batches (id, next, appended, data) values (?, ?, ?, ?)')
    const advance = this.sql('update partitions set high = high + ? where slot = ? returning high')
    for (const { partition, count, data } of batches) {
      const slot = this.#slot(topic, partition)
      const { high } = advance.get(count, slot) as { high: number }
      setBaseOffset(data, high - count)
      insert.run(slot * SLOT + high - count, high, now, data)
    }
  }

  /** Batches from the one that holds `position`, at least one and about `maxBytes`; null at the end of the log. */
  read(topic: string, partition: number, position: number, maxBytes: number): Buffer | null {
    const first = this.#slot(topic, partition) * SLOT
    const found: Uint8Array[] = []
    let bytes = 0
    // the batch that holds the position begins at or before it; after retention the next one may
    const from = this.sql('select max(id) as id from batches where id between ? and ? and next > ?')
    const { id } = from.get(first, first + position, position) as { id: number | null }
    const rows = this.sql('select data from batches where id >= ? and id < ? order by id limit 256')
    for (const row of rows.iterate(id ?? first + position, first + SLOT)) {
      const { data } = row as { data: Uint8Array }
      found.push(data)
      bytes += data.length
      if (bytes >= maxBytes) break
    }
    if (found.length === 0) return null
    if (found.length > 1) return Buffer.concat(found, bytes)
    const [data] = found as [Uint8Array]
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  }

  /**
   * Removes up to `limit` of a partition's oldest batches that were appended before `before`, and that every group
   * that reads the topic has committed beyond: an embedded log loses nothing that was not counted. How many it removed.
   */
  retain(topic: string, partition: number, before: number, limit: number): number {
    const slot = this.#slot(topic, partition)
    return inTransaction(this.db, () => {
      const committed = this.sql(
        'select min(position) as position from offsets where topic = ? and partition = ? and consumer = 1',
      ).get(topic, partition) as { position: number | null }
      const old = this.sql(
        'select id, next from batches where id between ? and ? and appended < ? and next <= ? order by id limit ?',
      ).all(slot * SLOT, slot * SLOT + SLOT - 1, before, committed.position ?? SLOT, limit) as {
        id: number
        next: number
      }[]
      const last = old.at(-1)
      if (!last) return 0
      this.sql('delete from batches where id between ? and ?').run(slot * SLOT, last.id)
      this.sql('update partitions set low = ? where slot = ?').run(last.next, slot)
      return old.length
    })
  }

  topics(): string[] {
    return this.sql('select distinct topic from partitions order by topic')
      .all()
      .map(row => row['topic'] as string)
  }

  #slot(topic: string, partition: number): number {
    const slot = this.#slotsOf(topic)[partition]
    if (slot === undefined)
      throw new KiviError('log_misconfigured', `The topic ${topic} has no partition ${partition}.`)
    return slot
  }

  #slotsOf(topic: string): readonly number[] {
    const known = this.#slots.get(topic)
    if (known) return known
    const slots = this.#rows(topic).map(row => row.slot)
    if (slots.length === 0)
      throw new KiviError(
        'log_misconfigured',
        `The embedded event log has no topic ${topic}; it is made by ensureTopic.`,
      )
    this.#slots.set(topic, slots)
    return slots
  }

  #rows(topic: string): PartitionRow[] {
    return this.sql('select slot, partition, low, high from partitions where topic = ? order by partition').all(
      topic,
    ) as unknown as PartitionRow[]
  }
}
