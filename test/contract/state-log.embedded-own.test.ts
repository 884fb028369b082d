/** What only the embedded state log has: its file, failures of SQLite, compaction in small steps. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventLog } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../packages/event-log/src/embedded/database.ts'
import { compact } from '../../packages/event-log/src/embedded/states/table.ts'
import { Storage } from '../../packages/event-log/src/embedded/storage.ts'
import { Contender } from './contender.ts'

let directory: string
let path: string
let log: EventLog
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-states-'))
  path = join(directory, 'log.sqlite')
  log = embeddedEventLog({ path })
})
afterEach(async () => {
  await log.close()
  await rm(directory, { recursive: true })
})

test('an append that fails ends the leadership, whatever it failed at, and nothing of it is there', async () => {
  const states = await log.states('s')
  const leader = await Contender.open(states, 'leader')
  const leadership = await leader.leads()
  const other = new DatabaseSync(path)
  other.exec(
    `create trigger broken before insert on states when new.key = 'b' begin select raise(abort, 'no space'); end`,
  )
  expect(
    await leadership.append([
      { key: 'a', value: '1' },
      { key: 'b', value: '1' },
    ]),
  ).toBe('ended')
  await leader.until(() => leader.term.ended !== null)
  expect(leader.term.ended).toMatch(/no space/)
  other.exec('drop trigger broken')
  other.close()
  const again = await leader.leads(2)
  expect(leader.term.state).toEqual(new Map([['leader', 'leader']]))
  expect(await again.append([{ key: 'b', value: '2' }])).toBe('appended')
})

test('compaction removes in steps what was superseded long ago, never the last of a key', async () => {
  const states = await log.states('s')
  const leader = await Contender.open(states, 'leader')
  const leadership = await leader.leads()
  for (let i = 0; i < 10; i++)
    await leadership.append([
      { key: 'a', value: `${i}` },
      { key: 'b', value: `${i}` },
    ])
  await leadership.append([{ key: 'b', value: null }])
  const storage = new Storage(openDatabase(path))
  try {
    expect(compact(storage, Date.now() - 60_000, 100)).toBe(0)
    // of too many the oldest go before their time
    expect(compact(storage, Date.now() - 60_000, 100, 17)).toBe(3)
    const later = Date.now() + 1
    expect(compact(storage, later, 7)).toBe(7)
    // nineteen were superseded, the removal of b is one
    expect(compact(storage, later, 100)).toBe(10)
    expect(compact(storage, later, 100)).toBe(0)
  } finally {
    storage.db.close()
  }
  const { records, next } = await states.read(0)
  expect(records.map(({ key, value }) => [key, value])).toEqual([
    ['leader', 'leader'],
    ['a', '9'],
  ])
  expect(next).toBe(22)
  expect(await leadership.append([{ key: 'b', value: 'again' }])).toBe('appended')
  expect((await states.read(next)).records.map(({ offset }) => offset)).toEqual([22])
})

test('a file of the version before has state logs, too', async () => {
  await log.close()
  const db = new DatabaseSync(path)
  db.exec('drop table states; drop table state_logs; pragma user_version = 1')
  db.close()
  log = embeddedEventLog({ path })
  const leader = await Contender.open(await log.states('s'), 'leader')
  expect((await leader.leads()).leads()).toBe(true)
})

test('topics are apart: each has a leader and a state of its own', async () => {
  const one = await Contender.open(await log.states('one'), 'first')
  const two = await Contender.open(await log.states('two'), 'second')
  await (await one.leads()).append([{ key: 'a', value: '1' }])
  await two.leads()
  expect(two.term.state).toEqual(new Map([['leader', 'second']]))
  expect((await (await log.states('two')).read(0)).records.length).toBe(1)
})
