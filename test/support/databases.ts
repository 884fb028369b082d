import { createClient } from '@clickhouse/client'
import { clickhouseUrl, uniqueName } from './services.ts'

/** Creates a database on the run's ClickHouse and gives its name. */
export async function createDatabase(prefix = 'db'): Promise<string> {
  const name = uniqueName(prefix)
  const client = createClient({ url: await clickhouseUrl() })
  try {
    await client.command({ query: `CREATE DATABASE ${name}` })
  } finally {
    await client.close()
  }
  return name
}
