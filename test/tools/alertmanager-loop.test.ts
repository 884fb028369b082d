/** A real Alertmanager behind the evaluator as it runs, over a restart of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINUTE, openLoop } from '../integration/alert-receivers/loop.ts'
import { catalogOf } from '../integration/query/fixture.ts'
import { startOtherSide } from '../integration/receivers/other-side.ts'
import { startAlertmanager } from './alertmanager.ts'

const patience = { timeout: 30_000, interval: 100 }

test('what fires is there, silenced there, still there after a restart of the evaluator, and ends there', async () => {
  await using stack = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alertmanager-loop-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const chat = await startOtherSide()
  stack.defer(() => chat.stop())
  const alertmanager = await startAlertmanager(chat.url)
  stack.defer(() => alertmanager.stop())
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\n',
    'alerts.yaml': `
alerts:
  - { alert: Stalled, stalled: 60s, labels: { severity: page, team: platform } }
receivers:
  am: { type: alertmanager, urls: ['${alertmanager.url}'] }
route: { receiver: am }
`,
  })
  const names = async (...args: string[]) =>
    (await alertmanager.query(...args)).map(({ labels }) => `${labels['alertname']} ${labels['team']}`)
  const heard = () =>
    chat.taken.flatMap(({ body }) =>
      (JSON.parse(body) as { alerts: { status: string; startsAt: string }[] }).alerts.map(({ status }) => status),
    )

  // Alertmanager lives by the clock of this machine: what Kivi says must not lie ahead of it
  const first = await openLoop({ catalog, env: {}, directory, aheadMs: -10 * MINUTE })
  let ahead: number
  let before: string
  let silence: string
  try {
    await first.reader.judged('Stalled', 0)
    first.stall(true)
    await expect.poll(() => names(), patience).toEqual(['Stalled platform'])
    before = (await alertmanager.query())[0]!.startsAt
    await chat.took(1)
    silence = (await alertmanager.amtool('silence', 'add', '--duration=1h', '--comment=known', 'team=platform')).trim()
    await expect.poll(() => names(), patience).toEqual([])
    expect(await names('--silenced')).toEqual(['Stalled platform'])
    ahead = first.now() - Date.now()
  } finally {
    await first[Symbol.asyncDispose]()
  }
  const until = (await alertmanager.query('--silenced'))[0]!.endsAt

  await using second = await openLoop({ catalog, env: {}, directory, aheadMs: ahead })
  second.stall(true)
  await expect.poll(async () => (await alertmanager.query('--silenced'))[0]?.endsAt, patience).not.toBe(until)
  expect((await alertmanager.query('--silenced'))[0]!.startsAt).toBe(before)
  await alertmanager.amtool('silence', 'expire', silence)
  expect(await names()).toEqual(['Stalled platform'])

  second.stall(false)
  await expect.poll(() => names(), patience).toEqual([])
  await expect.poll(heard, patience).toContain('resolved')
  expect(heard().filter(status => status === 'firing').length).toBe(1)
}, 180_000)
