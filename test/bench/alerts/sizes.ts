/** How large a log is on the disk, before and after what is superseded has been removed. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { openDatabase } from '../../../packages/event-log/src/embedded/database.ts'
import { compact } from '../../../packages/event-log/src/embedded/states/table.ts'
import { Storage } from '../../../packages/event-log/src/embedded/storage.ts'

/** As Kivi makes it, but compacted as soon as there is anything to compact. */
export async function createEagerTopic(broker: string, topic: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  const settings = {
    ...{
      'cleanup.policy': 'compact',
      'min.compaction.lag.ms': '0',
      'segment.ms': '2000',
      'delete.retention.ms': '1000',
    },
    ...{
      'min.cleanable.dirty.ratio': '0.001',
      'segment.bytes': String(64 << 20),
      'max.message.bytes': String(8 << 20),
    },
  }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, configEntries }] })
  await admin.disconnect()
}

/** Bytes of a topic's records on the disk. */
export async function topicBytes(directory: string, topic: string): Promise<number> {
  let bytes = 0
  for (const { size } of await segments(directory, topic)) bytes += size
  return bytes
}

/** Until the cleaner has been through all that it may touch: everything but the segment that is written. */
export async function compacted(directory: string, topic: string): Promise<void> {
  for (;;) {
    const active = (await segments(directory, topic)).at(-1)?.first ?? 0
    const text = await readFile(join(directory, 'broker-1', 'cleaner-offset-checkpoint'), 'utf8').catch(() => '')
    const cleaned = Number(new RegExp(`^${topic} 0 (\\d+)$`, 'm').exec(text)?.[1] ?? -1)
    if (active > 0 && cleaned >= active) return
    await sleep(500)
  }
}

async function segments(directory: string, topic: string) {
  const place = join(directory, 'broker-1', `${topic}-0`)
  const names = (await readdir(place)).filter(name => name.endsWith('.log')).sort()
  return Promise.all(
    names.map(async name => ({ first: Number(name.slice(0, -4)), size: (await stat(join(place, name))).size })),
  )
}

/** Bytes of the file, and of the pages in it that hold anything. */
export function fileBytes(path: string): { readonly all: number; readonly used: number } {
  const db = new DatabaseSync(path)
  const pragma = (name: string) => Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0] as number
  const [size, pages, free] = [pragma('page_size'), pragma('page_count'), pragma('freelist_count')]
  db.close()
  return { all: size * pages, used: size * (pages - free) }
}

/** As the embedded log does it hours later. */
export function compactFile(path: string): void {
  const db = openDatabase(path)
  const storage = new Storage(db)
  while (compact(storage, Date.now() + 1, 2_000) > 0);
  db.close()
}
