/** Prometheus's own programs read Kivi: promtool asks it, a real Prometheus scrapes it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPrometheusWorld } from '../integration/prometheus/world.ts'
import type { QueryFixture } from '../integration/query/fixture.ts'

const PROGRAMS = { ask: 'promtool', scrape: 'prometheus' } as const

let kivi: QueryFixture
let url: string
beforeAll(async () => {
  kivi = await createPrometheusWorld()
  url = await kivi.service.start()
})
afterAll(() => kivi?.close())

const NOON = '2026-03-10T12:00:00Z'
const seconds = Date.parse(NOON) / 1000
const v1 = async (path: string) => (await kivi.get(`/v1/indicators/${path}`)).body

/** what promtool prints; `input` is what it reads */
function promtool(args: readonly string[], input = ''): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(PROGRAMS.ask, args, (error, stdout, stderr) => {
      if (error !== null && typeof error.code === 'string')
        reject(new Error('promtool is not here; .ci/install-tools installs it'))
      else resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr })
    })
    child.stdin?.end(input)
  })
}

it('promtool query instant answers what /v1 answers', async () => {
  const ask = (query: string) => promtool(['query', 'instant', `--time=${NOON}`, `${url}/prometheus`, query])
  const { value } = await v1(`ctr/value?to=${NOON}`)
  expect(await ask('kivi_ctr')).toEqual({ code: 0, text: `kivi_ctr => ${value} @[${seconds}]\n` })
  const { groups } = await v1(`clicks/value?to=${NOON}&by=campaign`)
  const named = groups.filter((group: { by: { campaign: string } }) => group.by.campaign !== '')
  expect(named).toHaveLength(2)
  const { code, text } = await ask('kivi_clicks{campaign!=""}')
  expect(code).toBe(0)
  expect(text.trim().split('\n').toSorted()).toEqual(
    named
      .map(
        (group: { by: { campaign: string }; value: number }) =>
          `kivi_clicks{campaign="${group.by.campaign}"} => ${group.value} @[${seconds}]`,
      )
      .toSorted(),
  )
})

it('promtool query range answers the value at each step', async () => {
  const { code, text } = await promtool([
    'query',
    'range',
    '--start=2026-03-10T09:00:00Z',
    `--end=${NOON}`,
    '--step=1h',
    `${url}/prometheus`,
    'kivi_ctr_1h',
  ])
  expect(code, text).toBe(0)
  const [head, ...lines] = text.trim().split('\n')
  expect(head).toBe('kivi_ctr_1h =>')
  const expected = await Promise.all(
    [9, 10, 11, 12].map(async hour => {
      const to = `2026-03-10T${String(hour).padStart(2, '0')}:00:00Z`
      return `${(await v1(`ctr_1h/value?to=${to}`)).value} @[${Date.parse(to) / 1000}]`
    }),
  )
  expect(lines).toEqual(expected)
})

it('promtool query series and labels answer, and a query that is not understood is told to a person', async () => {
  const series = await promtool(['query', 'series', '--match=kivi_ctr', `--end=${NOON}`, `${url}/prometheus`])
  expect(series).toEqual({ code: 0, text: '{__name__="kivi_ctr"}\n' })
  const labels = await promtool(['query', 'labels', `${url}/prometheus`, 'campaign'])
  expect(labels).toEqual({ code: 0, text: 'spring\nsummer\n' })
  const { code, text } = await promtool(['query', 'instant', `${url}/prometheus`, 'topk(3, kivi_ctr)'])
  expect(code).not.toBe(0)
  expect(text).toContain('topk is not supported over indicators')
})

it('promtool check metrics finds nothing in /metrics/indicators, and something in a page that is broken', async () => {
  const { text } = await kivi.get('/metrics/indicators')
  expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, text: '' })
  expect(
    (await promtool(['check', 'metrics'], text.replace('# TYPE kivi_ctr gauge', '# TYPE kivi_ctr ctr'))).code,
  ).not.toBe(0)
})

it('a Prometheus scrapes the values of the board', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kivi-prometheus-'))
  const port = await freePort()
  await writeFile(
    join(folder, 'prometheus.yml'),
    `scrape_configs:
  - job_name: kivi
    scrape_interval: 1s
    metrics_path: /metrics/indicators
    static_configs: [{ targets: ['${new URL(url).host}'] }]
`,
  )
  const prometheus = spawn(PROGRAMS.scrape, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  try {
    await untilReady(prometheus)
    const { indicators } = (await kivi.get('/v1/board')).body
    const ask = async (query: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)
      return ((await response.json()) as { data: { result: Array<{ value: [number, string] }> } }).data.result
    }
    // the first scrape comes within a second or two; each question waits for an answer, not for a time
    while ((await ask('up{job="kivi"}')).length === 0) expect(prometheus.exitCode).toBeNull()
    expect((await ask('up{job="kivi"}'))[0]?.value[1]).toBe('1')
    for (const { id, value, status } of indicators) {
      expect((await ask(`kivi_${id}`)).map(one => Number(one.value[1]))).toEqual([value])
      expect(await ask(`kivi_indicator_status{indicator="${id}",status="${status}"} == 1`)).toHaveLength(1)
    }
    expect((await ask('kivi_indicator_target{indicator="ctr"}'))[0]?.value[1]).toBe('0.02')
  } finally {
    if (prometheus.exitCode === null) {
      prometheus.kill()
      await once(prometheus, 'exit')
    }
    await rm(folder, { recursive: true })
  }
})

async function untilReady(child: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('prometheus is not here; .ci/install-tools installs it')))
    child.once('exit', code => reject(new Error(`prometheus ended with ${code}: ${log}`)))
    child.stderr?.on('data', (bytes: Buffer) => {
      log += bytes
      if (log.includes('Server is ready to receive web requests')) resolve()
    })
  })
  child.removeAllListeners('exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : expect.unreachable('it listens')
}
