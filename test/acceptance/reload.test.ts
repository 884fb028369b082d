/** A running Kivi takes a changed catalog: it counts what is new, derives what is new, and refuses what is broken. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KIVI, type Running, start } from './support/command.ts'

const WITHIN_MS = 60_000

let directory: string
let catalog: string
let running: Running
let url: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-reload-'))
  catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(new URL('../../catalog/events', import.meta.url), join(catalog, 'events'), { recursive: true })
  await writeFile(join(catalog, 'kivi.yaml'), 'timezone: UTC\ncurrency: EUR\nidentity: { link: [identify] }\n')
  await writeFile(join(catalog, 'measures.yaml'), 'measures: { my_orders: { event: purchase, agg: count } }\n')
  const env = {
    KIVI_DATA_DIR: join(directory, 'data'),
    KIVI_CATALOG: catalog,
    KIVI_HTTP_PORT: '0',
    KIVI_DERIVE_INTERVAL: '300ms',
    KIVI_FLUSH_INTERVAL: '100ms',
    KIVI_DISORDER: '0s',
    KIVI_IDLE_AFTER: '500ms',
  }
  running = start(KIVI, ['start'], { env })
  url = (await running.says(/The board: +(\S+)/, WITHIN_MS))[1]!
}, 2 * WITHIN_MS)
afterAll(async () => {
  await running?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

let sent = 0
async function send(...events: ReadonlyArray<Record<string, unknown>>): Promise<void> {
  const body = events.map(event => ({ event_id: `e${sent++}`, event_time: Date.now(), ...event }))
  const response = await fetch(new URL('/v1/events', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(await response.json()).toMatchObject({ accepted: events.length, rejected: [] })
}

async function answerOf(id: string, window = '1h'): Promise<unknown> {
  // up to the next slice: what came a moment ago is asked for too
  const to = new Date(Math.ceil((Date.now() + 1) / 10_000) * 10_000).toISOString()
  const response = await fetch(new URL(`/v1/indicators/${id}/value?window=${window}&to=${to}`, url))
  return ((await response.json()) as { value?: unknown }).value
}
const becomes = (id: string, value: number) =>
  expect.poll(() => answerOf(id), { timeout: WITHIN_MS, interval: 200 }).toBe(value)

test(
  'a measure that is added counts from the next batch on, without a restart, whatever was counted before',
  async () => {
    await send({ event_type: 'purchase', user_id: 'anna', amount: 5 }, { event_type: 'click', user_id: 'anna' })
    await becomes('my_orders', 1)
    await writeFile(join(catalog, 'mine.yaml'), 'measures: { my_clicks: { event: click, agg: count } }\n')
    await becomes('my_clicks', 0)
    // every process has taken it: the worker's own line is the last to come
    await running.says(/"service":"ingest-worker".*the catalog has changed/, WITHIN_MS)
    await expect
      .poll(
        async () => {
          await send({ event_type: 'click', user_id: 'bob' })
          return answerOf('my_clicks')
        },
        { timeout: WITHIN_MS, interval: 500 },
      )
      .toBeGreaterThan(0)
    await becomes('my_orders', 1)
  },
  3 * WITHIN_MS,
)

test(
  'a broken catalog is refused, and the one before goes on to serve',
  async () => {
    await writeFile(join(catalog, 'broken.yaml'), 'measures: { nothing: { event: clack, agg: count } }\n')
    await running.says(/is refused.*there is no event type clack/, WITHIN_MS)
    const metrics = async () => (await fetch(new URL('/metrics', url))).text()
    expect(await metrics()).toContain('kivi_catalog_reload_failed 1')
    expect(await (await fetch(new URL('/readyz', url))).json()).toMatchObject({ ready: true })
    await becomes('my_orders', 1)
    await rm(join(catalog, 'broken.yaml'))
    await expect.poll(metrics, { timeout: WITHIN_MS }).toContain('kivi_catalog_reload_failed 0')
  },
  3 * WITHIN_MS,
)

test(
  'an entity that is added is built from the events that came before, anonymous ones too, and recorded',
  async () => {
    await send(
      { event_type: 'page_view', anonymous_id: 'x1' },
      { event_type: 'page_view', user_id: 'carl' },
      { event_type: 'identify', anonymous_id: 'x1', user_id: 'carl' },
    )
    await writeFile(
      join(catalog, 'viewers.yaml'),
      `entities:
  viewer: { label: Viewer, key: person, event: page_view, fields: { views: { agg: list }, first: { agg: min, expr: event_time } } }
measures:
  viewers: { entity: viewer, at: first, agg: count }
indicators:
  recorded_viewers: { type: simple, measure: viewers, unit: count, window: 1h, record: { every: 10s } }
`,
    )
    // x1 is carl: one person saw two pages
    await becomes('viewers', 1)
    await send({ event_type: 'page_view', anonymous_id: 'x2' })
    await becomes('viewers', 2)
    const { clickhouse } = JSON.parse(await readFile(join(directory, 'data', 'endpoint.json'), 'utf8'))
    const points = async () => {
      const query = "SELECT max(value) FROM kivi.points FINAL WHERE indicator = 'recorded_viewers'"
      return Number(await (await fetch(clickhouse, { method: 'POST', body: query })).text())
    }
    await expect.poll(points, { timeout: WITHIN_MS, interval: 500 }).toBe(2)
  },
  3 * WITHIN_MS,
)
