/** A real Alertmanager and its amtool see what Kivi tells them: alerts, their end, and what is silenced there. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NotifiedAlert, Receiver } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alert, attempt, receiverOf, settingsOf } from '../integration/receivers/messages.ts'
import { type OtherSide, startOtherSide } from '../integration/receivers/other-side.ts'

const PROGRAMS = { serve: 'prometheus-alertmanager', ask: 'amtool' } as const

let directory: string
let url: string
let process_: ChildProcess
let chat: OtherSide
let receiver: Receiver

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-alertmanager-'))
  chat = await startOtherSide()
  const config = {
    route: { receiver: 'chat', group_by: ['alertname'], group_wait: '1s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [{ name: 'chat', webhook_configs: [{ url: chat.url, send_resolved: true }] }],
  }
  // YAML is a superset of JSON
  await writeFile(join(directory, 'alertmanager.yml'), JSON.stringify(config))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  process_ = spawn(
    PROGRAMS.serve,
    [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  await Promise.race([
    ready(),
    once(process_, 'exit').then(
      () => Promise.reject(new Error('Alertmanager ended by itself')),
      () => Promise.reject(new Error('prometheus-alertmanager is not here; .ci/install-tools installs it')),
    ),
  ])
  const settings = settingsOf('alertmanager', url)
  receiver = receiverOf(settings, { env: {}, now: () => Date.now() })
})

afterAll(async () => {
  if (process_?.exitCode === null) {
    process_.kill()
    await once(process_, 'exit')
  }
  await chat?.stop()
  await rm(directory, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function ready(): Promise<void> {
  for (;;) {
    const up = await fetch(`${url}/-/ready`).then(
      answer => answer.ok,
      () => false,
    )
    if (up) return
    await sleep(50)
  }
}

function amtool(...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(PROGRAMS.ask, [`--alertmanager.url=${url}`, ...args], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`))
      else resolve(stdout)
    })
  })
}

interface Shown {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}
const query = async (...args: readonly string[]): Promise<Shown[]> =>
  JSON.parse(await amtool('--output=json', 'alert', 'query', ...args))
const campaigns = async (...args: readonly string[]) =>
  (await query(...args)).map(({ labels }) => labels['campaign']).sort()

const tell = async (...alerts: readonly NotifiedAlert[]) =>
  expect(await receiver.sync!(alerts, attempt())).toMatchObject({ kind: 'delivered' })

const began = Date.now() - 60_000
const firing = (n: number) =>
  alert(n, {
    startsAt: began,
    labels: { alertname: 'CtrLow', severity: 'page', campaign: `spring ${n}`, 'properties.policy': 'a/b', empty: '' },
  })

test('amtool sees what fires, until fifteen minutes from now', async () => {
  await tell(firing(1), firing(2))
  const shown = await query()
  expect(shown.map(({ labels }) => labels['campaign']).sort()).toEqual(['spring 1', 'spring 2'])
  const first = shown.find(({ labels }) => labels['campaign'] === 'spring 1')!
  expect(first.labels).toEqual({
    alertname: 'CtrLow',
    severity: 'page',
    campaign: 'spring 1',
    properties_policy: 'a/b',
  })
  expect(first.annotations['summary']).toBe('CTR of spring 1 is 1.2 %')
  expect(Date.parse(first.startsAt)).toBe(began)
  expect(first.generatorURL).toBe('https://kivi.example/alerts/1')
  const left = Date.parse(first.endsAt) - Date.now()
  expect(left).toBeGreaterThan(14 * 60_000)
  expect(left).toBeLessThanOrEqual(15 * 60_000)
})

test('telling it again changes nothing but the end; Alertmanager notifies its own receiver once', async () => {
  await tell(firing(1), firing(2))
  await tell(firing(1), firing(2))
  expect(await campaigns()).toEqual(['spring 1', 'spring 2'])
  await chat.took(1)
  const { status, alerts } = JSON.parse(chat.taken[0]!.body)
  expect([status, alerts.length]).toEqual(['firing', 2])
})

test('what is silenced there is silent there', async () => {
  const id = (await amtool('silence', 'add', '--duration=1h', '--comment=moving', 'campaign=spring 1')).trim()
  await tell(firing(1), firing(2))
  expect(await campaigns()).toEqual(['spring 2'])
  expect(await campaigns('--silenced')).toEqual(['spring 1'])
  await amtool('silence', 'expire', id)
  expect(await campaigns()).toEqual(['spring 1', 'spring 2'])
})

test('an end ends it there, and its receiver hears of it', async () => {
  await tell(firing(1), { ...firing(2), status: 'resolved', endsAt: Date.now() - 1_000 })
  expect(await campaigns()).toEqual(['spring 1'])
  const told = () =>
    chat.taken.flatMap(
      ({ body }) => (JSON.parse(body) as { alerts: { status: string; labels: { campaign: string } }[] }).alerts,
    )
  const ended = () => told().filter(({ status }) => status === 'resolved')
  while (ended().length === 0) await chat.took(chat.taken.length + 1)
  expect(ended().map(({ labels }) => labels.campaign)).toEqual(['spring 2'])
})

test('ten thousand alerts are told at once', async () => {
  await tell(...Array.from({ length: 10_000 }, (_, i) => firing(i)))
  expect((await query()).length).toBe(10_000)
})

test('an address that is none of Alertmanager is for a person to mend', async () => {
  const wrong = receiverOf(settingsOf('alertmanager', `${url}/nowhere`), { env: {} })
  expect(await wrong.sync!([firing(1)], attempt())).toMatchObject({
    kind: 'failed',
    answer: expect.stringContaining('404'),
  })
})
