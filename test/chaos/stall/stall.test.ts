import { expect, it } from 'vitest'
import { clickhouseUrl, kafkaBrokers, uniqueName } from '../../support/index.ts'
import { FAULTS } from './faults.ts'
import { runCell } from './run.ts'
import { openWorld } from './world.ts'

/** The short form of `npm run chaos -- stall`, which lets everything stand still in turn. */
it('a worker that stands still is told of once, by two evaluators in turn, and no indicator is', async () => {
  const lateMs = 50_000
  await using world = await openWorld({
    ...{ brokers: await kafkaBrokers(), clickhouse: await clickhouseUrl(), name: uniqueName('stall') },
    ...{ lateMs, workers: 1, evaluators: 2 },
  })
  await world.until(({ state }) => state.progress.has('PurchasesLow'), 60_000)
  const fault = FAULTS.find(({ name }) => name === 'ingest-workers stopped')!
  const cell = await runCell(world, fault, 'ended', 'while it fires', -lateMs)
  expect(cell.wrong, world.services.output()).toEqual([])
  expect(cell.heard.map(({ alertname, status }) => `${status} ${alertname}`)).toEqual([
    'firing PipelineStalled',
    'resolved PipelineStalled',
  ])
}, 180_000)
