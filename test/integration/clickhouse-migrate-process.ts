/** A starter in a process of its own: migrates the database named by its arguments and prints the seed. */
import { createClickHouse, migrate } from '@kivi/clickhouse'

const [url, database] = process.argv.slice(2)
const clickhouse = createClickHouse({ url: url!, database: database! })
const { seed } = await migrate(clickhouse)
await clickhouse.close()
process.stdout.write(`${seed}\n`)
