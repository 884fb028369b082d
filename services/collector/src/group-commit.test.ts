import type { NewRecord } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { createGroupCommit } from './group-commit.ts'

const record = (text: string): NewRecord => ({ key: text, value: Buffer.from(text) })

/** A log whose writes end when the test says so. */
function gatedLog() {
  const writes: { keys: unknown[]; gate: PromiseWithResolvers<void> }[] = []
  return {
    writes,
    send: (_topic: string, records: readonly NewRecord[]) => {
      const gate = Promise.withResolvers<void>()
      writes.push({ keys: records.map(({ key }) => key), gate })
      return gate.promise
    },
  }
}

describe('group commit', () => {
  it('writes what gathered during a write as the next one, in order', async () => {
    const log = gatedLog()
    const commit = createGroupCommit(log, 'events', { maxWaitingBytes: 100 })
    const appends = ['a', 'b', 'c'].map(text => commit.append([record(text)]))
    expect(log.writes.map(({ keys }) => keys)).toEqual([['a']])
    log.writes[0]!.gate.resolve()
    await appends[0]
    expect(log.writes.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']])
    log.writes[1]!.gate.resolve()
    await Promise.all(appends)
    await commit.drained()
    expect(commit.waitingBytes).toBe(0)
  })

  it('tells every request of a write that failed, and goes on with the next', async () => {
    const log = gatedLog()
    const commit = createGroupCommit(log, 'events', { maxWaitingBytes: 100 })
    const failing = commit.append([record('a')])
    const following = commit.append([record('b')])
    log.writes[0]!.gate.reject(new Error('disk full'))
    await expect(failing).rejects.toThrow('disk full')
    log.writes[1]!.gate.resolve()
    await following
  })

  it('refuses at once beyond the limit, and one request of any size where nothing waits', async () => {
    const log = gatedLog()
    const commit = createGroupCommit(log, 'events', { maxWaitingBytes: 3 })
    const large = commit.append([record('larger than the limit')])
    await expect(commit.append([record('b')])).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 })
    log.writes[0]!.gate.resolve()
    await large
    const next = commit.append([record('b')])
    log.writes[1]!.gate.resolve()
    await next
  })
})
