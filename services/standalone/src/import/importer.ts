/**
 * An import is named by the SHA-256 of its file and mapping. Rows and progress go into the log in one transaction,
 * so an import that was interrupted goes on where it stopped, and one that is finished changes nothing, on any day.
 */
import { createHash } from 'node:crypto'
import type { ImportMemory } from '@kivi/clickhouse'
import { type Catalog, KiviError, type LogProducer, type NewRecord } from '@kivi/domain'
import { formatDuration } from '@kivi/service-kit'
import { openTransfer, type Transfer } from '../transfer/transfer.ts'
import { checkEvent } from './check-event.ts'
import type { InputFile } from './input-file.ts'
import type { MappingFile } from './mapping-file.ts'
import { readRows } from './read-rows.ts'
import { eventsAsTheyAre, eventsByMapping, type RawEvent } from './to-events.ts'

export interface ImportJob {
  readonly file: InputFile
  readonly mapping: MappingFile | null
  readonly catalog: Catalog
  readonly producer: LogProducer
  readonly memory: ImportMemory
  readonly topic: string
  /** rows after which a person says that it has to go on, where nobody else remembers; null: not said */
  readonly resumeAfter: number | null
  /** how old an event may be, ms */
  readonly retentionRaw: number
  /** how far in the future, ms */
  readonly clockSkew: number
  /** epoch ms */
  readonly now: () => number
  readonly signal: AbortSignal
  /** hears how far the import is, 0 to 1, first of checking and then of sending */
  readonly onProgress: (phase: 'check' | 'send', share: number) => void
}

interface RefusedRow {
  readonly line: number
  /** code of REJECTION_REASONS, or `unreadable` and `too_early` */
  readonly reason: string
  readonly detail: string
}

export interface ImportReport {
  /** name of the import: 64 hex digits */
  readonly id: string
  readonly file: string
  readonly rows: number
  readonly events: number
  /** events that this run put into the log */
  readonly sent: number
  readonly refused: number
  /** the first of them */
  readonly refusals: readonly RefusedRow[]
  /** begun: nothing of it was there; resumed: a part was; repeated: all of it was */
  readonly state: 'begun' | 'resumed' | 'repeated'
  /** epoch ms of the earliest and latest event, null where there are none */
  readonly from: number | null
  readonly until: number | null
}

/** Refusals that a report keeps; all are counted. */
const KEPT_REFUSALS = 1_000

/** Events of one transaction; small enough for Kafka's limits, large enough that its cost does not matter. */
const CHUNK_EVENTS = 5_000
const CHUNK_BYTES = 4 << 20

interface Survey {
  readonly rows: number
  readonly events: number
  readonly refused: number
  readonly refusals: readonly RefusedRow[]
  readonly from: number | null
  readonly until: number | null
}

/** Throws import_refused before the first row is sent, or what the log throws; progress so far then stands. */
export async function runImport(job: ImportJob): Promise<ImportReport> {
  const id = importId(job.file.sha256, job.mapping)
  const survey = await surveyFile(job, id)
  checkReach(job, survey)
  await using transfer = await openTransfer({
    producer: job.producer,
    memory: job.memory,
    topic: job.topic,
    name: id,
    group: `kivi-import-${id}`,
    total: survey.rows,
  })
  const report = { id, file: job.file.name, ...survey }
  const { standing } = transfer
  if (standing.kind === 'finished') return { ...report, sent: 0, state: 'repeated' }
  const done = standing.kind === 'new' ? 0 : standing.kind === 'at' ? standing.position : resolveDoubt(job, standing)
  await transfer.begin(done)
  const sent = await sendRows(job, id, transfer, done, survey.rows)
  return { ...report, sent, state: done === 0 ? 'begun' : 'resumed' }
}

/** Rows that were on their way when the import was killed, long ago: only a person can look. */
function resolveDoubt(job: ImportJob, { position, sending }: { position: number; sending: number }): number {
  if (job.resumeAfter === position || job.resumeAfter === sending) return job.resumeAfter
  throw new KiviError(
    'import_refused',
    `The import of ${job.file.name} was killed while its rows ${position + 1} to ${sending} were being written, and so long ago ` +
      'that the log no longer tells whether they were.\nLook for their events in the table events, then say ' +
      `--resume-after ${sending} where they are there, or --resume-after ${position} where they are not.`,
  )
}

/** 64 hex digits: the same for the same bytes and the same meaning given to them. */
function importId(fileSha256: string, mapping: MappingFile | null): string {
  return createHash('sha256')
    .update(`${fileSha256}\n${mapping?.canonical ?? ''}`)
    .digest('hex')
}

/** One row's outcome: events to send, or why it is refused. A row is sent as a whole or not at all. */
interface JudgedRow {
  readonly line: number
  readonly events: readonly RawEvent[]
  /** epoch ms, of each event */
  readonly times: readonly number[]
  readonly refusal: RefusedRow | null
}

async function* judgedRows(
  job: ImportJob,
  id: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<readonly JudgedRow[]> {
  const source = await readRows(job.file, {
    format: job.mapping?.format ?? null,
    delimiter: job.mapping?.delimiter ?? ',',
    onRead,
  })
  const eventId = (line: number, event: number) => `${id}:${line}:${event}`
  const toEvents =
    job.mapping === null
      ? eventsAsTheyAre(source, job.catalog, job.file.name, eventId)
      : eventsByMapping(job.mapping, source, job.catalog, eventId)
  for await (const run of source.rows) {
    if (job.signal.aborted)
      throw new KiviError('import_refused', 'The import was interrupted; the same command goes on with it.')
    yield run.map((row): JudgedRow => {
      const refuse = (reason: string, detail: string): JudgedRow => ({
        line: row.line,
        events: [],
        times: [],
        refusal: { line: row.line, reason, detail },
      })
      if (row.problem !== null) return refuse('unreadable', row.problem)
      const events = toEvents(row)
      const times: number[] = []
      for (const event of events) {
        const checked = checkEvent(job.catalog, event)
        if ('rejection' in checked) return refuse(checked.rejection.reason, checked.rejection.detail)
        times.push(checked.event.event_time)
      }
      return { line: row.line, events, times, refusal: null }
    })
  }
}

async function surveyFile(job: ImportJob, id: string): Promise<Survey> {
  const latest = job.now() + job.clockSkew
  const refusals: RefusedRow[] = []
  let [rows, events, refused, from, until, read] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  const onRead = (bytes: number) => {
    read += bytes
  }
  for await (const run of judgedRows(job, id, onRead)) {
    for (const row of run) {
      rows++
      const refusal = row.refusal ?? tooEarly(row, latest)
      if (refusal !== null) {
        refused++
        if (refusals.length < KEPT_REFUSALS) refusals.push(refusal)
        continue
      }
      events += row.events.length
      for (const time of row.times) {
        if (time < from) from = time
        if (time > until) until = time
      }
    }
    job.onProgress('check', Math.min(1, read / job.file.size))
  }
  const some = events > 0
  return { rows, events, refused, refusals, from: some ? from : null, until: some ? until : null }
}

/** The worker would set such an event aside; a person is told now, with the line. */
function tooEarly(row: JudgedRow, latest: number): RefusedRow | null {
  const time = row.times.find(candidate => candidate > latest)
  if (time === undefined) return null
  const detail = `event_time is ${new Date(time).toISOString()}, further ahead of the clock than KIVI_CLOCK_SKEW allows`
  return { line: row.line, reason: 'too_early', detail }
}

const DAY = 86_400_000

function checkReach(job: ImportJob, survey: Survey): void {
  const age = survey.from === null ? 0 : job.now() - survey.from
  // 0: no raw events are kept, and any age may come
  if (survey.from === null || job.retentionRaw === 0 || age <= job.retentionRaw) return
  const needed = `${Math.ceil(age / DAY) + 30}d`
  throw new KiviError(
    'import_refused',
    `${job.file.name} reaches back to ${new Date(survey.from).toISOString()}, and events may only be ` +
      `${formatDuration(job.retentionRaw)} old (KIVI_RETENTION_RAW): nothing was imported.\n` +
      `Set KIVI_RETENTION_RAW=${needed} or KIVI_RETENTION_RAW=forever, for this command and for a Kivi that runs, and import again.`,
  )
}

async function sendRows(job: ImportJob, id: string, transfer: Transfer, done: number, total: number): Promise<number> {
  const latest = job.now() + job.clockSkew
  let records: NewRecord[] = []
  let [position, bytes, sent] = [0, 0, 0]
  const flush = async () => {
    const finished = position === total
    const metadata = JSON.stringify({ file: job.file.name.slice(-100), rows: position, of: total, finished })
    await transfer.send(records, position, metadata)
    sent += records.length
    records = []
    bytes = 0
    job.onProgress('send', position / total)
  }
  for await (const run of judgedRows(job, id, () => {})) {
    for (const row of run) {
      if (++position <= done) continue
      if (row.refusal !== null || tooEarly(row, latest) !== null) continue
      for (const event of row.events) {
        const value = Buffer.from(JSON.stringify(event))
        bytes += value.length
        records.push({ key: keyOf(event), value })
      }
      if (records.length >= CHUNK_EVENTS || bytes >= CHUNK_BYTES) await flush()
    }
  }
  if (position !== total)
    throw new KiviError(
      'import_refused',
      `${job.file.name} changed while it was read. Import it again when it is whole.`,
    )
  await flush()
  return sent
}

/** The person, so that one person's events stay in order in one partition. */
const keyOf = (event: RawEvent): string => String(event['user_id'] ?? event['anonymous_id'] ?? event['event_id'])
