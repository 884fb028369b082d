import { type ClickHouse, reconcile } from '@kivi/clickhouse'
import { parseDeadLetter } from '@kivi/decoding'
import type { EventLog } from '@kivi/domain'
import type { Truth } from './truth.ts'

const MEASURE_OF = { impression: 'impressions', click: 'clicks', purchase: 'order_lines' } as const

/** Everything that is wrong with the store in the end, in words; empty when each distinct event is counted once. */
export async function findWrong(
  clickhouse: ClickHouse,
  log: EventLog,
  topics: { events: string; dead: string },
  truth: Truth,
): Promise<string[]> {
  const wrong: string[] = []
  const expect = (what: string, is: unknown, should: unknown) => {
    if (String(is) !== String(should)) wrong.push(`${what} is ${is}, should be ${should}`)
  }

  const slices = await clickhouse.rows<{ measure: string; level: number; campaign: string; n: string; units: string }>(
    `SELECT measure, level, dims[1] AS campaign, toString(sum(count)) AS n, toString(sum(sum)) AS units
     FROM slices WHERE measure != '' GROUP BY measure, level, campaign`,
  )
  const cell = (measure: string, level: number, campaign: string) =>
    slices.find(row => row.measure === measure && row.level === level && row.campaign === campaign)
  for (const [key, count] of truth.events) {
    const [type, campaign] = key.split('/') as [keyof typeof MEASURE_OF, string]
    for (const level of [1, 2, 3])
      expect(`${key} at level ${level}`, cell(MEASURE_OF[type], level, campaign)?.n ?? 0, count)
  }
  for (const [campaign, amount] of truth.amounts)
    for (const level of [1, 2, 3])
      expect(`revenue of ${campaign} at level ${level}`, cell('revenue', level, campaign)?.units ?? 0, amount)

  const events = await clickhouse.rows<{ key: string; n: number; ids: number }>(
    `SELECT concat(event_type, '/', campaign) AS key, count() AS n, uniqExact(event_id) AS ids FROM events GROUP BY key`,
  )
  for (const [key, count] of truth.events) {
    const row = events.find(e => e.key === key)
    expect(`raw events of ${key}`, `${row?.n} (${row?.ids} ids)`, `${count} (${count} ids)`)
  }

  const [ledger] = await clickhouse.rows<Record<string, number>>(
    'SELECT sum(records) AS records, sum(accepted) AS accepted, sum(duplicate) AS duplicates, sum(rejected) AS rejected FROM ledger',
  )
  expect('accepted in the ledger', ledger?.['accepted'], truth.distinct)
  expect('duplicates in the ledger', ledger?.['duplicates'], truth.duplicates)
  expect('rejected in the ledger', ledger?.['rejected'], truth.rejected)
  expect('records in the ledger', ledger?.['records'], truth.records)

  const dead = new Set<string>()
  for (const [partition, { low, high }] of await log.bounds(topics.dead))
    for (let offset = low; offset < high; offset++) {
      const record = await log.recordAt(topics.dead, partition, offset)
      const letter = record === null ? null : parseDeadLetter(record)
      if (letter !== null) dead.add(letter.id)
    }
  expect('different dead letters', dead.size, truth.rejected)

  const report = await reconcile(clickhouse, { topic: topics.events })
  wrong.push(...report.findings.map(finding => `reconcile: ${JSON.stringify(finding)}`))
  return wrong
}

/** resolves when the ledger reaches the end of the log in every partition */
export async function caughtUp(clickhouse: ClickHouse, log: EventLog, topic: string): Promise<void> {
  const bounds = await log.bounds(topic)
  for (;;) {
    const rows = await clickhouse
      .rows<{ partition: number; to: number }>(
        'SELECT partition, max(to_position) AS to FROM ledger WHERE topic = {topic:String} GROUP BY partition',
        { topic },
      )
      .catch(() => [])
    const ends = new Map(rows.map(row => [row.partition, row.to]))
    if ([...bounds].every(([partition, { high }]) => (ends.get(partition) ?? 0) >= high)) return
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
