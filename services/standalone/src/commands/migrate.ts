import { migrate as migrateStore } from '@kivi/clickhouse'
import { type Command, EXIT } from '../cli/command.ts'
import { openKivi } from '../system/open-kivi.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'Bring the tables in ClickHouse to the schema of this version.',
  description: 'kivi start does it by itself. May be repeated at any time.',
  usage: '',
  arguments: { min: 0, max: 0 },
  options: {},
  async run({ env, stdout }) {
    await using kivi = await openKivi(env)
    const clickhouse = await kivi.clickhouse()
    const { applied, retentionChanged } = await migrateStore(clickhouse, { retention: kivi.config.retention })
    for (const { version, name } of applied) stdout.write(`applied ${version} ${name}\n`)
    for (const table of retentionChanged) stdout.write(`retention of ${table} changed\n`)
    if (applied.length + retentionChanged.length === 0) stdout.write('The schema is up to date.\n')
    return EXIT.done
  },
}
