/** What every state log promises; run for each adapter by the tests beside this file. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { EventLog, StateLog, StateRecord } from '@kivi/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Changes } from './changes.ts'
import { Contender } from './contender.ts'

export interface StateLogUnderTest {
  /** a client of its own, as another process would have it; closed by the suite */
  open(): EventLog
  /** a fresh name for a topic */
  topic(): string
  /** what state-log-child.ts is to be told: `kafka|embedded` and where */
  child(): readonly [kind: string, where: string]
  /** does to the log what a newer leader's take-over does, while the older one has not noticed anything */
  usurp(topic: string): Promise<void>
  dispose?(): Promise<void>
}

const SESSION_MS = 1_500
const run = promisify(execFile)
const CHILD = fileURLToPath(new URL('state-log-child.ts', import.meta.url))

/** Resolves when the system says that the process is stopped. */
async function stopped({ pid }: ChildProcess): Promise<void> {
  const state = async () => (await run('ps', ['-o', 'state=', '-p', String(pid)])).stdout.trim()
  while (!(await state()).startsWith('T')) await nextTurn()
}

export function describeStateLog(name: string, make: () => Promise<StateLogUnderTest>): void {
  describe(`state log: ${name}`, () => {
    let under: StateLogUnderTest
    let opened: EventLog[]
    let children: ChildProcess[]
    let topic: string
    let states: StateLog

    beforeEach(async () => {
      under = await make()
      opened = []
      children = []
      topic = under.topic()
      states = await open()
    })

    afterEach(async () => {
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(opened.map(each => each.close()))
      await under.dispose?.()
    })

    async function open(): Promise<StateLog> {
      const client = under.open()
      opened.push(client)
      return client.states(topic)
    }

    const contend = async (name: string, options?: Parameters<typeof Contender.open>[2]) =>
      Contender.open(await open(), name, { sessionTimeoutMs: SESSION_MS, ...options })

    /** The whole log, as a follower reads it. */
    async function everything(from = 0): Promise<StateRecord[]> {
      const records: StateRecord[] = []
      for (let at = from; ; ) {
        const read = await states.read(at)
        records.push(...read.records)
        at = read.next
        if (read.end) return records
      }
    }

    /** Another process that contends, counting while it leads. */
    function spawnChild(name: string) {
      const child = spawn(process.execPath, [CHILD, ...under.child(), topic, name, String(SESSION_MS)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      children.push(child)
      const lines: string[] = []
      const changed = new Changes()
      createInterface({ input: child.stdout! }).on('line', line => {
        lines.push(line)
        changed.notify()
      })
      const says = async (pattern: RegExp, after = 0) => {
        while (!lines.slice(after).some(line => pattern.test(line))) await changed.next()
      }
      return { child, lines, says }
    }

    describe('state', () => {
      test('is the last value of each key, without those that were removed; the take-over is in it', async () => {
        const first = await contend('first')
        const leadership = await first.leads()
        expect(first.term.state).toEqual(new Map([['leader', 'first']]))
        expect(
          await leadership.append([
            { key: 'a', value: '1' },
            { key: 'b', value: '1' },
          ]),
        ).toBe('appended')
        expect(
          await leadership.append([
            { key: 'a', value: '2' },
            { key: 'c', value: '键 é' },
          ]),
        ).toBe('appended')
        expect(await leadership.append([{ key: 'b', value: null }])).toBe('appended')
        expect(await leadership.append([])).toBe('appended')
        await first.candidate.stop()
        const second = await contend('second')
        await second.leads()
        expect(second.term.state).toEqual(
          new Map([
            ['leader', 'second'],
            ['a', '2'],
            ['c', '键 é'],
          ]),
        )
      })

      test('holds ten thousand keys and values of a megabyte', async () => {
        const first = await contend('first')
        const leadership = await first.leads()
        const long = 'x'.repeat(1_200_000)
        const changes = Array.from({ length: 10_000 }, (_, i) => ({ key: `key ${i}`, value: `${i}` }))
        expect(await leadership.append([...changes, { key: 'long', value: long }])).toBe('appended')
        await first.candidate.stop()
        const second = await contend('second')
        await second.leads()
        expect(second.term.state.size).toBe(10_002)
        expect(second.term.state.get('key 9999')).toBe('9999')
        expect(second.term.state.get('long')).toBe(long)
      })

      test('one append at a time', async () => {
        const leader = await contend('leader')
        const leadership = await leader.leads()
        const append = leadership.append([{ key: 'a', value: '1' }])
        await expect(leadership.append([{ key: 'a', value: '2' }])).rejects.toThrow(/once at a time/)
        expect(await append).toBe('appended')
        expect(await leadership.append([{ key: 'a', value: '3' }])).toBe('appended')
      })
    })

    describe('leadership', () => {
      test('one leads; when it stops, the next has its state, and a higher epoch', async () => {
        const first = await contend('first')
        const leadership = await first.leads()
        const second = await contend('second')
        // wherever the group puts the lead when another comes, there is one
        const leads = (contender: Contender) => contender.terms.some(term => term.leadership.leads())
        await Promise.race([first.until(() => leads(first)), second.until(() => leads(second))])
        const [leader, other] = leads(second) ? [second, first] : [first, second]
        expect(leads(other)).toBe(false)
        expect(leader.leadership.leaseUntil()).toBeGreaterThan(performance.now())
        expect(leader.leadership.leaseUntil()).toBeLessThanOrEqual(performance.now() + SESSION_MS)
        while ((await leader.leadership.append([{ key: 'a', value: 'kept' }])) === 'ended')
          await leader.leads(leader.terms.length + 1)
        const terms = other.terms.length
        await leader.candidate.stop()
        expect(leader.term.ended).toMatch(/stops/)
        expect(leader.leadership.leads()).toBe(false)
        expect(leader.leadership.leaseUntil()).toBe(0)
        expect(await leader.leadership.append([{ key: 'a', value: 'late' }])).toBe('ended')
        const next = await other.leads(terms + 1)
        expect(other.term.state.get('a')).toBe('kept')
        expect(next.epoch).toBeGreaterThan(leader.leadership.epoch)
        expect(next.epoch).toBeGreaterThan(leadership.epoch)
      })

      test('who stops in an orderly way may still append what it has to', async () => {
        const first = await contend('first', {
          leaving: async leadership => {
            expect(await leadership.append([{ key: 'last word', value: 'said' }])).toBe('appended')
          },
        })
        await first.leads()
        await first.candidate.stop()
        expect(first.errors).toEqual([])
        const second = await contend('second')
        await second.leads()
        expect(second.term.state.get('last word')).toBe('said')
      })

      test('a candidate that cannot lead says so, and makes room for another', async () => {
        const told: string[] = []
        const failed = Promise.withResolvers<void>()
        await (await open()).contend({
          sessionTimeoutMs: SESSION_MS,
          takeOver: () => ({ key: 'leader', value: 'broken' }),
          handler: {
            leading: () => {
              throw new Error('the state is not understood')
            },
            ended: (leadership, reason) => told.push(`${leadership.leads()} ${reason}`),
            failed: error => {
              told.push(error.message)
              failed.resolve()
            },
          },
        })
        await failed.promise
        const other = await contend('other')
        await other.leads()
        expect(told.toSorted()).toEqual(['false the state is not understood', 'the state is not understood'])
      })

      test('a take-over shuts the older leader out: its append is refused, and nothing of it is in the log', async () => {
        const old = await contend('old')
        const leadership = await old.leads()
        expect(await leadership.append([{ key: 'a', value: 'before' }])).toBe('appended')
        await under.usurp(topic)
        expect(
          await leadership.append([
            { key: 'a', value: 'late' },
            { key: 'b', value: 'late' },
          ]),
        ).toBe('ended')
        expect(leadership.leads()).toBe(false)
        expect(await leadership.append([{ key: 'a', value: 'later' }])).toBe('ended')
        await old.until(() => old.terms[0]!.ended !== null)
        expect((await everything()).map(record => record.value)).not.toContain('late')
        // it still has its place in the group, or gets it again: then it takes over anew
        const again = await old.leads(2)
        expect(again.epoch).toBeGreaterThan(leadership.epoch)
        expect(old.term.state.get('a')).toBe('before')
        expect(await again.append([{ key: 'a', value: 'after' }])).toBe('appended')
      })

      test('a killed leader is followed by another, which goes on with its count', async () => {
        const { child, lines, says } = spawnChild('child')
        await says(/appended 5/)
        const heir = await contend('heir')
        child.kill('SIGKILL')
        await once(child, 'exit')
        // others' terms may have come before
        await heir.until(() => heir.terms.some(term => term.state.get('leader') === 'heir' && term.leadership.leads()))
        const counted = Math.max(
          ...lines.filter(line => line.startsWith('appended')).map(line => Number(line.slice(9))),
        )
        // what was acknowledged is there; the append under way may be
        expect(Number(heir.term.state.get('count'))).toBeGreaterThanOrEqual(counted)
        expect(Number(heir.term.state.get('count'))).toBeLessThanOrEqual(counted + 1)
      })

      test('a leader that was stopped for long wakes up as none, and never writes into the term of the next', async () => {
        const { child, lines, says } = spawnChild('sleeper')
        await says(/appended 5/)
        const sleeping = lines.length
        child.stdin!.write('stop\n')
        await stopped(child)
        const heir = await contend('heir')
        const leadership = await heir.leads()
        expect(await leadership.append([{ key: 'count', value: 'mine' }])).toBe('appended')
        child.kill('SIGCONT')
        await says(/^ended/, sleeping)
        const mine = (await everything()).filter(record => record.offset > leadership.epoch)
        const turn = mine.findIndex(record => record.key === 'leader')
        const ofHeir = turn < 0 ? mine : mine.slice(0, turn)
        expect(ofHeir.map(record => record.value)).toEqual(['mine'])
      })
    })

    describe('following', () => {
      test('a reader without a part in the leadership sees every record in order, removals too', async () => {
        expect(await states.read(0)).toEqual({ records: [], next: 0, end: true })
        const leader = await contend('leader')
        const leadership = await leader.leads()
        const before = Date.now()
        await leadership.append([
          { key: 'a', value: '1' },
          { key: 'b', value: '1' },
        ])
        await leadership.append([{ key: 'a', value: null }])
        const records = await everything()
        expect(records.map(({ key, value }) => [key, value])).toEqual([
          ['leader', 'leader'],
          ['a', '1'],
          ['b', '1'],
          ['a', null],
        ])
        expect(records[0]!.offset).toBe(leadership.epoch)
        const offsets = records.map(record => record.offset)
        expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
        for (const record of records.slice(1)) expect(Math.abs(record.stamp - before)).toBeLessThan(60_000)
      })

      test('it goes on from any place, and waits for what comes', async () => {
        const leader = await contend('leader')
        const leadership = await leader.leads()
        await leadership.append([{ key: 'a', value: '1' }])
        const [, first] = await everything()
        expect(await everything(first!.offset)).toEqual([first])
        let { next } = await states.read(first!.offset)
        const waiting = (async () => {
          for (;;) {
            const read = await states.read(next, { maxWaitMs: 5_000 })
            if (read.records.length > 0) return read.records
            next = read.next
          }
        })()
        await leadership.append([{ key: 'a', value: '2' }])
        expect((await waiting).map(record => record.value)).toEqual(['2'])
      })

      test('a position beyond the end is an error: the topic is another one', async () => {
        await expect(states.read(1_000)).rejects.toMatchObject({ code: 'position_outside_log' })
      })
    })
  })
}
