/** The alert log that the service of a test follows, and words of whoever leads put into it by the test. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AlertInstance,
  type AlertRecord,
  instanceId,
  type StateLog,
  type Transition,
  writeRecord,
} from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { Changes } from '../contract/changes.ts'
import { Contender } from '../contract/contender.ts'

const MINUTE = 60_000

export interface AlertLog {
  /** what the service follows */
  readonly states: () => Promise<Pick<StateLog, 'read'>>
  /** somebody leads since then (epoch ms; default: now), and is heard of from now on */
  leads(name: string, since?: number): Promise<void>
  /** appends to the log, and waits until the service has read it; `gone`: what has this key is there no more */
  says(...records: ReadonlyArray<AlertRecord | { readonly gone: string }>): Promise<void>
  close(): Promise<void>
}

/** @param now the clock by which records are stamped */
export async function openAlertLog(now: () => number = Date.now): Promise<AlertLog> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alert-log-'))
  const log = embeddedEventLog({ path: join(directory, 'log.sqlite') })
  const topic = await log.states('alerts')
  let leadership: Awaited<ReturnType<Contender['leads']>> | null = null
  // whoever asks for what comes next has taken in what came before
  let followed = 0
  const changed = new Changes()
  const taken = async () => {
    const { next } = await topic.read(0)
    while (followed < next) await changed.next()
  }
  return {
    states: async () => ({
      async read(from) {
        followed = from
        changed.notify()
        const { records, ...rest } = await topic.read(from, { maxWaitMs: 50 })
        return { ...rest, records: records.map(record => ({ ...record, stamp: now() })) }
      },
    }),
    async leads(name, since = now()) {
      const first = writeRecord({ kind: 'leader', name, since, catalog: 'c' })
      const contender = await Contender.open(topic, first.value as string)
      leadership = await contender.leads()
      await taken()
    },
    async says(...records) {
      const changes = records.map(record =>
        'gone' in record ? { key: record.gone, value: null } : writeRecord(record),
      )
      if (leadership === null || (await leadership.append(changes)) !== 'appended')
        throw new Error('the test does not lead')
      await taken()
    },
    async close() {
      await log.close()
      await rm(directory, { recursive: true })
    },
  }
}

interface Moment {
  readonly now: number
  /** what the rule saw when it fired */
  readonly seen?: Transition['seen']
}

const SEEN: Transition['seen'] = { value: 0.0153, target: 0.02, n: 5_000, compared: { expected: 0.031 } }

/** An instance of a rule that has been firing for twenty minutes. */
export function firing(
  rule: string,
  labels: Readonly<Record<string, string>>,
  { by = [], now, seen = SEEN, ...changes }: Partial<AlertInstance> & Moment,
): AlertInstance {
  const startsAt = now - 20 * MINUTE
  const group = by.map(name => labels[name] ?? '')
  const id = instanceId(rule, by, group)
  const severity = changes.severity ?? 'page'
  return {
    kind: 'instance',
    id,
    rule,
    by,
    group,
    labels: { alertname: rule, severity, ...labels },
    severity,
    version: 'v1',
    phase: 'firing',
    since: startsAt,
    startsAt,
    endedAt: null,
    noDataSince: null,
    decided: 1,
    transitions: [
      {
        number: 1,
        kind: 'firing',
        instant: startsAt,
        episode: `${id}-1`,
        startsAt,
        reason: null,
        seen,
        decidedAt: startsAt,
      },
    ],
    dropped: 0,
    told: { chat: { number: 1, at: startsAt + 5_000 }, mail: { number: 0, at: null } },
    ...changes,
  }
}
