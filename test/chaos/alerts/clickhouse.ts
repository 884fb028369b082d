import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'

/** A ClickHouse for as long as the work takes. */
export async function withClickHouse<T>(work: (url: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-clickhouse-'))
  const engine = await startEmbeddedClickHouse({ dataDir: directory })
  try {
    return await work(engine.url)
  } finally {
    await engine.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
