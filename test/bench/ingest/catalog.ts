import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const shipped = join(import.meta.dirname, '../../../catalog/events')

/** The job's catalog: counts by type, amount and distinct users by campaign and channel. Its tickets have no ids. */
export async function writeBenchCatalog(directory: string): Promise<string> {
  await mkdir(join(directory, 'events'), { recursive: true })
  for (const type of ['impression', 'click', 'purchase'])
    await cp(join(shipped, `${type}.avsc`), join(directory, 'events', `${type}.avsc`))
  await writeFile(
    join(directory, 'events/ticket.avsc'),
    JSON.stringify({ type: 'record', name: 'ticket', namespace: 'kivi', doc: 'A ticket without an id', fields: [] }),
  )
  await writeFile(join(directory, 'kivi.yaml'), 'timezone: UTC\ncurrency: EUR\n')
  const measure = (event: string, rest: string) => `{ event: ${event}, ${rest}, dimensions: [campaign, channel] }`
  await writeFile(
    join(directory, 'measures.yaml'),
    `measures:
  impressions: ${measure('impression', 'agg: count')}
  clicks: ${measure('click', 'agg: count')}
  purchases: ${measure('purchase', 'agg: count')}
  tickets: ${measure('ticket', 'agg: count')}
  revenue: ${measure('purchase', 'agg: sum, expr: amount, unit: money')}
  users: ${measure('[impression, click, purchase, ticket]', 'agg: count_distinct, distinct: person')}
`,
  )
  return directory
}
