/** The dead man's switch hears from whoever leads, and from nobody else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDeadMansSwitch } from '../../chaos/stall/dead-mans-switch.ts'
import { catalogOf } from '../query/fixture.ts'
import { type Loop, MINUTE, openLoop } from './loop.ts'

const leads = async ({ telemetry }: Loop): Promise<boolean> =>
  /^kivi_alert_leader 1$/m.test(await telemetry.registry.metrics())
const pinged = async ({ telemetry }: Loop): Promise<number> =>
  Number(/^kivi_alert_pings_total\{outcome="answered"\} (\d+)$/m.exec(await telemetry.registry.metrics())?.[1] ?? 0)

test('of two evaluators the one that leads asks it each minute, then the other one', { timeout: 120_000 }, async () => {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'kivi-ping-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  await using watcher = await openDeadMansSwitch()
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\n',
    'alerts.yaml': 'alerts:\n  - { alert: Stalled, stalled: 60s }\n',
  })
  const open = () => openLoop({ catalog, env: {}, directory, pingUrl: watcher.url })
  const patience = { timeout: 60_000, interval: 50 }
  const first = await open()
  try {
    await expect.poll(() => pinged(first), patience).toBe(1)
    await using second = await open()
    // it judges on, and says nothing before a minute is over
    const { reader } = first
    const judged = () => reader.state.progress.get('Stalled')?.instant ?? 0
    await reader.toEnd()
    const before = judged()
    for (const loop of [first, second]) loop.pass(30_000)
    await reader.until(() => judged() > before)
    expect(watcher.pings).toHaveLength(1)
    for (const loop of [first, second]) loop.pass(MINUTE)
    await expect.poll(() => pinged(first), patience).toBe(2)
    expect([await leads(first), await leads(second), await pinged(second)]).toEqual([true, false, 0])

    await first[Symbol.asyncDispose]()
    const left = watcher.pings.length
    await expect.poll(() => pinged(second), patience).toBe(1)
    expect([left, watcher.pings.length]).toEqual([2, 3])
    expect(await leads(second)).toBe(true)
  } finally {
    await first[Symbol.asyncDispose]()
  }
})
