import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { loadCatalog } from '@kivi/catalog'
import { createLogger, createTelemetry, type Started } from '@kivi/service-kit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type LiveCatalog, watchCatalog } from './live-catalog.ts'

const MINE = 'measures: { my_clicks: { event: click, agg: count } }\n'

let directory: string
let said: string[]
let live: Started<LiveCatalog>
let failed: () => Promise<number>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-live-'))
  const shipped = new URL('../../../../catalog/', import.meta.url)
  await cp(new URL('events', shipped), join(directory, 'events'), { recursive: true })
  await writeFile(join(directory, 'kivi.yaml'), 'timezone: UTC\ncurrency: EUR\n')
  await writeFile(join(directory, 'measures.yaml'), 'measures: { orders_of_mine: { event: purchase, agg: count } }\n')
  said = []
  const stream = new Writable({
    write(line, _, done) {
      said.push(JSON.parse(String(line)).msg)
      done()
    },
  })
  const telemetry = createTelemetry(createLogger({ service: 'test', stream }), { defaults: false })
  const { catalog } = await loadCatalog(directory)
  live = await watchCatalog({ directory, catalog: catalog!, telemetry, settleMs: 20, pollMs: 3_600_000 })
  failed = async () => (await telemetry.registry.getSingleMetric('kivi_catalog_reload_failed')!.get()).values[0]!.value
})
afterEach(async () => {
  await live.stop()
  await rm(directory, { recursive: true })
})

const write = (name: string, text: string) => writeFile(join(directory, name), text)

test('a changed catalog comes into force by itself', async () => {
  const before = live.value.current()
  await write('mine.yaml', MINE)
  await vi.waitFor(() => expect(live.value.current().measures.has('my_clicks')).toBe(true), 5_000)
  expect(before.measures.has('my_clicks')).toBe(false)
  expect(said.at(-1)).toContain('the catalog has changed')
  expect(await failed()).toBe(0)
})

test('a file that an editor puts in the place of another one counts, and one that is taken away', async () => {
  await write('mine.yaml.new', MINE)
  await rename(join(directory, 'mine.yaml.new'), join(directory, 'mine.yaml'))
  await vi.waitFor(() => expect(live.value.current().measures.has('my_clicks')).toBe(true), 5_000)
  await rm(join(directory, 'mine.yaml'))
  await vi.waitFor(() => expect(live.value.current().measures.has('my_clicks')).toBe(false), 5_000)
})

test('event types are watched too', async () => {
  const path = join(directory, 'events', 'click.avsc')
  const schema = JSON.parse(await readFile(path, 'utf8'))
  schema.fields.push({ name: 'my_field', type: ['null', 'string'], default: null })
  await writeFile(path, JSON.stringify(schema))
  await vi.waitFor(() => expect(live.value.current().eventTypes.get('click')!.fields.has('my_field')).toBe(true), 5_000)
})

test('a broken one is refused with its problems while the old one serves, once, until it is mended', async () => {
  const before = live.value.current()
  await write('mine.yaml', 'measures: { my_clicks: { event: clack, agg: count } }\n')
  await live.value.reload()
  await live.value.reload()
  expect(live.value.current()).toBe(before)
  expect(said.filter(line => line.includes('is refused'))).toHaveLength(1)
  expect(said.at(-1)).toMatch(/mine\.yaml:1:\d+ \w+ .*clack/)
  expect(await failed()).toBe(1)
  await write('mine.yaml', MINE)
  await live.value.reload()
  expect(live.value.current().measures.has('my_clicks')).toBe(true)
  expect(await failed()).toBe(0)
})

test('what is taken back leaves nothing behind', async () => {
  await write('mine.yaml', 'measures: [')
  await live.value.reload()
  expect(await failed()).toBe(1)
  await rm(join(directory, 'mine.yaml'))
  await live.value.reload()
  expect(await failed()).toBe(0)
})

test('the time zone of a running Kivi does not change', async () => {
  await write('kivi.yaml', 'timezone: Asia/Kathmandu\ncurrency: EUR\n')
  await live.value.reload()
  expect(live.value.current().timezone).toBe('UTC')
  expect(said.at(-1)).toMatch(/timezone is Asia\/Kathmandu now and was UTC.*restart/s)
})

test('a directory that is gone is refused too', async () => {
  await rm(join(directory, 'kivi.yaml'))
  await live.value.reload()
  expect(live.value.current().timezone).toBe('UTC')
  expect(await failed()).toBe(1)
})
