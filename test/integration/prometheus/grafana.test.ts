/** What Grafana is given under infra/grafana: each query in it is one that Kivi answers with data. */
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createQueryFixture, type Fields, type QueryFixture } from '../query/fixture.ts'

const ROOT = new URL('../../../', import.meta.url)
const GRAFANA = new URL('infra/grafana/', ROOT)
const NOON = Date.parse('2026-03-10T12:00:00Z')
const HOUR = 3_600_000

interface Target {
  readonly expr: string
  readonly datasource: { readonly uid: string }
}
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly Target[]
}
interface Dashboard {
  readonly uid: string
  readonly panels: readonly Panel[]
  readonly templating: {
    readonly list: ReadonlyArray<{ readonly name: string; readonly definition: string; readonly regex: string }>
  }
}

let kivi: QueryFixture
let dashboards: Array<[file: string, dashboard: Dashboard]>
let scraped: string

/** A week and a bit of a shop, an hour at a time. */
function events(): Fields[] {
  const all: Fields[] = []
  for (let hour = -9 * 24; hour < 0; hour++)
    for (const campaign of ['spring', 'summer']) {
      const event_time = new Date(NOON + hour * HOUR + 60_000).toISOString()
      const rest = { event_time, campaign, channel: 'web', user_id: `u${hour}`, target: 'ad' }
      for (let count = 0; count < 50; count++) all.push({ ...rest, event_type: 'impression' })
      all.push({ ...rest, event_type: 'click' }, { ...rest, event_type: 'page_view' })
      all.push({ ...rest, event_type: 'purchase', amount: 20, order_id: `o${hour}${campaign}` })
      all.push({ ...rest, event_type: 'cost', amount: 1, kind: 'advertising' })
    }
  return all
}

beforeAll(async () => {
  const { catalog } = await loadCatalog(fileURLToPath(new URL('catalog', ROOT)))
  kivi = await createQueryFixture(catalog!, { now: new Date(NOON + 40_000).toISOString() })
  await kivi.insert(events())
  await kivi.watermark(new Date(NOON + 5_000).toISOString())
  const files = await readdir(new URL('dashboards/', GRAFANA))
  dashboards = await Promise.all(
    files.map(
      async (file): Promise<[string, Dashboard]> => [
        file,
        JSON.parse(await readFile(new URL(`dashboards/${file}`, GRAFANA), 'utf8')) as Dashboard,
      ],
    ),
  )
  await kivi.get('/v1/board')
  await kivi.send('PUT', '/v1/targets/ctr', {})
  scraped = (await kivi.get('/metrics')).text + (await kivi.get('/metrics/indicators')).text
})
afterAll(() => kivi?.close())

const filled = (text: string, indicator: string) =>
  text.replaceAll('$indicator', indicator).replaceAll('$campaign', '.*')
const targetsOf = (uid: string) =>
  dashboards.flatMap(([file, { panels }]) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.filter(({ datasource }) => datasource.uid === uid).map(({ expr }) => ({ file, title, expr })),
    ),
  )

test('every query to Kivi is answered with samples, at an instant and step by step', async () => {
  const targets = targetsOf('kivi')
  expect(targets.length).toBeGreaterThan(10)
  for (const { title, expr } of targets) {
    const query = encodeURIComponent(filled(expr, 'ctr'))
    const times = `start=${NOON / 1000 - 6 * 3600}&end=${NOON / 1000}&step=600`
    for (const path of [`query?query=${query}&time=${NOON / 1000}`, `query_range?query=${query}&${times}`]) {
      const { status, body } = await kivi.get(`/prometheus/api/v1/${path}`)
      expect([title, expr, status, body.error]).toEqual([title, expr, 200, undefined])
      expect(body.data.result.length, `${title}: ${expr}`).toBeGreaterThan(0)
    }
  }
})

test('every variable has values', async () => {
  const variables = dashboards.flatMap(([, { templating }]) => templating.list)
  expect(variables.map(({ name }) => name)).toEqual(['indicator', 'campaign'])
  for (const { definition, regex } of variables) {
    const [, metric, label = '__name__'] = /^(?:label_values|metrics)\(([^,)]+)(?:, (\w+))?\)$/.exec(definition)!
    const match = label === '__name__' ? '' : `?match[]=${metric}`
    const { body } = await kivi.get(`/prometheus/api/v1/label/${label}/values${match}`)
    const wanted = regex === '' ? /(.+)/ : new RegExp(regex.slice(1, -1))
    const values = (body.data as string[]).flatMap(value => wanted.exec(value)?.[1] ?? [])
    expect(values, definition).toContain(label === '__name__' ? 'net_revenue' : 'summer')
  }
})

describe('every query to a Prometheus that scrapes Kivi', () => {
  test('is of metrics that are there, by labels that they have', async () => {
    const targets = targetsOf('kivi-scraped')
    expect(targets.length).toBeGreaterThan(10)
    const services = new URL('services/', ROOT)
    const sources = (await readdir(services, { recursive: true })).filter(
      file => /(events|telemetry)\.ts$/.test(file) && !file.includes('node_modules'),
    )
    const declared = (await Promise.all(sources.map(file => readFile(new URL(file, services), 'utf8')))).join()
    let seen = 0
    for (const { title, expr } of targets) {
      const metric = /kivi_\w+/.exec(filled(expr, 'ctr').replace('{__name__="', ''))![0]
      const family = metric.replace(/_(bucket|count|sum)$/, '')
      const inPage = scraped.match(new RegExp(`^${metric}(\\{.*)? `, 'm'))
      expect(inPage !== null || declared.includes(`name: '${family}'`), `${title}: ${metric}`).toBe(true)
      if (inPage === null) continue
      seen++
      const labels = [...expr.matchAll(/by \(([\w, ]+)\)|(\w+)="/g)].flatMap(
        ([, by, name]) => by?.split(', ') ?? name ?? [],
      )
      for (const label of labels.filter(name => name !== '__name__')) expect(inPage[0], expr).toContain(`${label}="`)
    }
    expect(seen).toBeGreaterThan(5)
  })
})

test('panels stand beside each other and have names of their own', () => {
  expect(dashboards.map(([file]) => file).sort()).toEqual(['health.json', 'indicators.json'])
  for (const [file, { panels }] of dashboards) {
    expect(new Set(panels.map(({ id }) => id)).size, file).toBe(panels.length)
    const drawn = panels.filter(({ type }) => type !== 'row')
    for (const [index, a] of drawn.entries())
      for (const { title, gridPos: b } of drawn.slice(index + 1)) {
        const apart =
          a.gridPos.x + a.gridPos.w <= b.x ||
          b.x + b.w <= a.gridPos.x ||
          a.gridPos.y + a.gridPos.h <= b.y ||
          b.y + b.h <= a.gridPos.y
        expect(apart, `${file}: ${a.title} and ${title}`).toBe(true)
      }
  }
})

test('the data sources are those that the dashboards name, and Prometheus scrapes what they ask for', async () => {
  const read = async (file: string) => parse(await readFile(new URL(file, GRAFANA), 'utf8'))
  const { datasources } = await read('provisioning/datasources/kivi.yaml')
  const used = dashboards.flatMap(([, { panels }]) =>
    panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid)),
  )
  expect([...new Set(used)].sort()).toEqual(datasources.map(({ uid }: { uid: string }) => uid).sort())
  expect(datasources[0].url).toBe('$KIVI_URL/prometheus')
  const { scrape_configs: jobs } = await read('prometheus.yml')
  for (const { metrics_path: path } of jobs) expect([path, (await kivi.get(path)).status]).toEqual([path, 200])
})
