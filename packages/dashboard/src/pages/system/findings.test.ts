import { describe, expect, it } from 'vitest'
import { findingsOf, type Partition, partitionState, type System } from './findings.ts'

const AT = '2026-03-10T12:00:00Z'
const before = (seconds: number) => new Date(Date.parse(AT) - seconds * 1000).toISOString()

const partition = (changes: Partial<Partition> = {}): Partition => ({
  topic: 'events',
  partition: 0,
  watermark: before(35),
  newest_event: before(5),
  position: 100,
  end: 100,
  end_from: 'log',
  lag: 0,
  idle_since: null,
  seen_at: before(2),
  worker: 'one',
  ledger_position: 100,
  ledger_written_at: before(5),
  ...changes,
})

const DAY = {
  batches: 10,
  records: 1000,
  accepted: 1000,
  duplicate: 0,
  rejected: 0,
  too_late: 0,
  too_early: 0,
  slow_batch_ms: 20,
}

const system = (changes: Partial<System> = {}): System => ({
  at: AT,
  watermark: before(35),
  lag_seconds: 35,
  partitions: [partition()],
  last_day: DAY,
  dead_letters: null,
  derived_tables: [{ table: 'person', ready: true, built: 1, watermark: before(60), refreshed_at: before(1) }],
  recorded: [],
  retention_seconds: { ten_seconds: null, quarter_hour: null, day: null, raw: null },
  versions: { kivi: '1.0.0', node: '24', clickhouse: null, schema: null, catalog: 'c' },
  unavailable: [],
  ...changes,
})

const found = (changes: Partial<System>) =>
  findingsOf(system(changes)).map(({ what, count, seconds, share }) => ({ what, count, seconds, share }))

describe('what is to be looked at', () => {
  it('is nothing where all partitions are read in time', () => {
    expect(findingsOf(system())).toEqual([])
    expect(findingsOf(system({ partitions: null, last_day: null, derived_tables: null }))).toEqual([])
  })

  it('a partition is behind when records wait and what it has is old, not when nothing waits', () => {
    expect(partitionState(partition({ lag: 5 }), AT)).toBe('reading')
    expect(partitionState(partition({ watermark: before(300) }), AT)).toBe('reading')
    expect(partitionState(partition({ watermark: before(300), idle_since: before(290) }), AT)).toBe('idle')
    expect(partitionState(partition({ watermark: before(300), lag: 1 }), AT)).toBe('behind')
    expect(partitionState(partition({ watermark: before(300), lag: 1, seen_at: before(61) }), AT)).toBe('unheard')
  })

  it('the worst of the partitions is told, and each trouble once', () => {
    const partitions = [
      partition({ lag: 9, watermark: before(300) }),
      partition({ partition: 1, lag: 9, watermark: before(600) }),
      partition({ partition: 2, lag: 9, watermark: before(900), seen_at: before(800) }),
    ]
    expect(found({ partitions, lag_seconds: 900 })).toEqual([
      { what: 'unheard', count: 1, seconds: 800, share: 0 },
      { what: 'behind', count: 2, seconds: 600, share: 0 },
    ])
  })

  it('old data without anything waiting is silence of those who send', () => {
    expect(found({ lag_seconds: 7200 })).toEqual([{ what: 'late_data', count: 0, seconds: 7200, share: 0 }])
    expect(found({ partitions: [], lag_seconds: null })).toMatchObject([{ what: 'nothing_read' }])
  })

  it('single records that were set aside are no finding, a hundredth of all is', () => {
    expect(found({ last_day: { ...DAY, rejected: 10, too_early: 10 } })).toEqual([])
    expect(found({ last_day: { ...DAY, rejected: 11, too_late: 10, too_early: 10 } })).toEqual([
      { what: 'rejected', count: 11, seconds: 0, share: 0.011 },
      { what: 'outside_of_time', count: 20, seconds: 0, share: 0.02 },
    ])
  })

  it('derived tables that are not built or do not follow, and what cannot be asked', () => {
    const table = { table: 'order', ready: true, built: 1, watermark: before(35 + 901), refreshed_at: before(900) }
    expect(found({ derived_tables: [table, { ...table, ready: false, watermark: null }] })).toEqual([
      { what: 'derived_waiting', count: 1, seconds: 0, share: 0 },
      { what: 'derived_behind', count: 1, seconds: 901, share: 0 },
    ])
    expect(found({ unavailable: [{ what: 'log', reason: 'no' }] })).toMatchObject([{ what: 'unavailable', count: 1 }])
  })
})
