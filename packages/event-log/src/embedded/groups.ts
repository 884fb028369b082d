/**
 * Groups of the embedded log. A group has one owner, the newest: its epoch is checked in the transaction of each
 * commit. Who takes over waits until the earlier owner says that nothing of it is under way any more, is dead, or
 * its lease has run out; that is what makes the lease worth something.
 */
import { hostname } from 'node:os'
import type { Commit } from '@kivi/domain'
import { inTransaction } from './database.ts'
import { isGone } from './gone.ts'
import type { Storage } from './storage.ts'

interface OwnerRow {
  readonly epoch: number
  readonly lease_ms: number
  readonly host: string
  readonly pid: number
  readonly released: number
}

/** Becomes the owner: the epoch to commit with. Earlier owners are refused from now on. */
export function takeOver(storage: Storage, group: string, leaseMs: number): number {
  return inTransaction(storage.db, () => {
    const epoch = currentEpoch(storage, group) + 1
    storage
      .sql('insert into owners ("group", epoch, lease_ms, host, pid, released) values (?, ?, ?, ?, ?, 0)')
      .run(group, epoch, Math.ceil(leaseMs), hostname(), process.pid)
    return epoch
  })
}

export function currentEpoch(storage: Storage, group: string): number {
  const row = storage.sql('select max(epoch) as epoch from owners where "group" = ?').get(group)
  return (row as { epoch: number | null }).epoch ?? 0
}

/** Nothing of this owner is under way any more. */
export function release(storage: Storage, group: string, epoch: number): void {
  storage.sql('update owners set released = 1 where "group" = ? and epoch = ?').run(group, epoch)
}

/**
 * How long, in ms, an owner that took over `since` ms ago has still to wait for earlier ones; 0 when it may begin.
 */
export function leaseLeft(storage: Storage, group: string, epoch: number, since: number): number {
  const earlier = storage
    .sql('select epoch, lease_ms, host, pid, released from owners where "group" = ? and epoch < ?')
    .all(group, epoch) as unknown as OwnerRow[]
  const left = Math.max(0, ...earlier.filter(owner => !isGone(owner)).map(owner => owner.lease_ms - since))
  if (left === 0) storage.sql('delete from owners where "group" = ? and epoch < ?').run(group, epoch)
  return left
}

/** Commits if the epoch is still the newest; false: refused, nothing was written. */
export function commitOffsets(
  storage: Storage,
  group: string,
  epoch: number,
  topic: string,
  commits: readonly Commit[],
): boolean {
  return inTransaction(storage.db, () => {
    if (currentEpoch(storage, group) !== epoch) return false
    for (const { partition, offset, metadata } of commits)
      storeOffset(storage, group, topic, partition, offset, metadata, 1)
    return true
  })
}

/** `consumer` 1: a reader's position, which retention respects; 0: a writer's progress. */
export function storeOffset(
  storage: Storage,
  group: string,
  topic: string,
  partition: number,
  position: number,
  metadata: string,
  consumer: 0 | 1,
): void {
  storage
    .sql(
      'insert or replace into offsets ("group", topic, partition, position, metadata, consumer) values (?, ?, ?, ?, ?, ?)',
    )
    .run(group, topic, partition, position, metadata, consumer)
}

export function readOffsets(
  storage: Storage,
  group: string,
  topic: string,
): Map<number, { offset: number; metadata: string }> {
  const rows = storage
    .sql('select partition, position, metadata from offsets where "group" = ? and topic = ?')
    .all(group, topic) as { partition: number; position: number; metadata: string }[]
  return new Map(rows.map(({ partition, position, metadata }) => [partition, { offset: position, metadata }]))
}
