/** What the documents say is what the code has. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkCatalog, loadCatalog } from '@kivi/catalog'
import { createClickHouse, createMeasureSource, createSliceReader, migrate } from '@kivi/clickhouse'
import { collectorRoutes, PROBLEMS } from '@kivi/collector'
import { type Catalog, createZone, ERROR_CODES, KiviError, type NewRecord } from '@kivi/domain'
import { embeddedEventLog } from '@kivi/event-log'
import { startIngestWorker } from '@kivi/ingest-worker'
import { createQueryService } from '@kivi/query-service'
import { createLogger, createTelemetry, loadConfig } from '@kivi/service-kit'
import { fastify } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXIT } from '../../services/standalone/src/cli/command.ts'
import { runCli } from '../../services/standalone/src/cli/run.ts'
import { COMMANDS } from '../../services/standalone/src/commands/index.ts'
import { parseMapping } from '../../services/standalone/src/import/mapping-file.ts'
import { eventsByMapping } from '../../services/standalone/src/import/to-events.ts'
import { clickhouseUrl, uniqueName } from '../support/index.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = new Map<string, string>()
const sources = new Map<string, string>()
const page = (path: string): string => pages.get(path) ?? expect.unreachable(`there is no ${path}`)

beforeAll(async () => {
  const { stdout } = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const path of stdout.split('\n')) {
    if (/^(README|CONTRIBUTING)\.md$|^docs\/.*\.md$/.test(path))
      pages.set(path, await readFile(join(root, path), 'utf8'))
    if (/^(packages|services)\/.*(?<!\.test)\.ts$/.test(path))
      sources.set(path, await readFile(join(root, path), 'utf8'))
  }
  expect(pages.size).toBeGreaterThan(8)
  expect(sources.size).toBeGreaterThan(200)
})

/** the cells of every table row whose first cell is code */
const rows = (text: string): string[][] =>
  [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, row]) => row!.split(' | ').map(cell => cell.trim()))

describe('docs/errors.md', () => {
  it('lists exactly the codes that there are, in their words, with what to do', () => {
    const listed = rows(page('docs/errors.md'))
    expect(listed.map(([code, , meaning]) => [code, meaning])).toEqual(
      Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]),
    )
    for (const [code, , , advice] of listed) expect(advice?.length, code).toBeGreaterThan(20)
  })

  it('has the exit codes that the command line answers', async () => {
    for (const [code, exit] of rows(page('docs/errors.md'))) {
      const name = code!.slice(1, -1) as keyof typeof ERROR_CODES
      const failing = {
        ...COMMANDS[0]!,
        arguments: { min: 0, max: 0 },
        run: () => Promise.reject(new KiviError(name, name)),
      }
      const written: string[] = []
      const stderr = { write: (text: string) => written.push(text) }
      const context = { env: {}, stderr, stdout: stderr } as never
      expect([code, await runCli([failing], [failing.name], context)]).toEqual([code, Number(exit)])
      expect(written.join('')).toContain(name)
    }
  })

  it('has no code that nothing raises', () => {
    for (const code of Object.keys(ERROR_CODES))
      expect(
        [...sources].filter(([path, text]) => path !== 'packages/domain/src/errors.ts' && text.includes(`'${code}'`)),
        code,
      ).not.toEqual([])
  })
})

describe('docs/collecting.md', () => {
  it("lists the collector's problems as they are", () => {
    const listed = rows(page('docs/collecting.md')).filter(row => row.length === 3)
    expect(listed).toEqual(
      Object.entries(PROBLEMS).map(([code, { status, title }]) => [`\`${code}\``, String(status), title]),
    )
  })

  it('has events that the collector takes, and its answer', async () => {
    const [event, answer] = [...page('docs/collecting.md').matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => text!)
    const { catalog } = await loadCatalog(join(root, 'catalog'))
    const response = await collect(catalog!, event!, async () => undefined)
    expect(response).toEqual(JSON.parse(answer!))
  })
})

describe('metrics', () => {
  const declared = (folder: string): string[] =>
    [...sources]
      .filter(([path]) => path.startsWith(folder))
      .flatMap(([, text]) => [...text.matchAll(/name: '(kivi_\w+)'/g)].map(([, name]) => name!))

  it('of every service are all documented', () => {
    for (const [folder, path] of [
      ['services/ingest-worker/', 'docs/operations.md'],
      ['services/evaluator/', 'docs/operations.md'],
      ['services/collector/', 'docs/collecting.md'],
      ['services/query-service/', 'docs/api.md'],
    ] as const) {
      const names = declared(folder)
      expect(names.length, folder).toBeGreaterThan(3)
      for (const name of names) expect(page(path)).toMatch(new RegExp(`\`${name}(\\{[a-z,]+\\})?\``))
    }
  })

  it('that documents name exist', () => {
    const known = new Set(declared(''))
    const named = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/`(kivi_[a-z_]+?)(?:\{[a-z,]+\})?`/g)].map(([, name]) => [path, name!]),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(([, name]) => !known.has(name!))).toEqual([])
  })
})

describe('links', () => {
  it('lead to files and headings that are there', () => {
    const anchors = (text: string): string[] => [
      ...[...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
          .replaceAll(' ', '-'),
      ),
      ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!),
    ]
    const broken: string[] = []
    let count = 0
    for (const [path, text] of pages)
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target!)) continue
        count++
        const [file, anchor] = target!.split('#')
        const to = file === '' ? path : relative(root, join(root, dirname(path), file!))
        if (!existsSync(join(root, to))) broken.push(`${path}: ${target}`)
        else if (anchor !== undefined && !anchors(page(to)).includes(anchor)) broken.push(`${path}: ${target}`)
      }
    expect(count).toBeGreaterThan(15)
    expect(broken).toEqual([])
  })

  it('and paths in README and CONTRIBUTING are there', () => {
    const paths = ['README.md', 'CONTRIBUTING.md'].flatMap(name =>
      [...page(name).matchAll(/`((?:\.ci|catalog|docs|infra|packages|services|test)\/[^`\s]*)`/g)].map(m => m[1]!),
    )
    expect(paths.length).toBeGreaterThan(4)
    // the file that the reader of "Your first indicator" is about to write
    expect(paths.filter(path => path !== 'catalog/mine.yaml' && !existsSync(join(root, path)))).toEqual([])
  })

  it('and folders in the tree of CONTRIBUTING are there, all of them', async () => {
    const tree = [...page('CONTRIBUTING.md').matchAll(/^([a-z]+)\/ +\S/gm)].map(([, name]) => name!)
    const folders = (await readdir(root, { withFileTypes: true })).filter(
      entry => entry.isDirectory() && !entry.name.startsWith('.'),
    )
    const made = ['node_modules', 'data', 'coverage', 'test-results']
    expect(tree.toSorted()).toEqual(
      folders
        .map(folder => folder.name)
        .filter(name => !made.includes(name))
        .toSorted(),
    )
  })
})

describe('README.md', () => {
  it('has the commands that the command line has', () => {
    const table = page('README.md').split('## Commands')[1]!.split('## ')[0]!
    const named = new Set([...table.matchAll(/`kivi ([a-z-]+)[^`]*`/g)].map(([, name]) => name!))
    expect([...named].toSorted()).toEqual(COMMANDS.map(command => command.name).toSorted())
    expect(table).toContain('0 done')
    expect(EXIT).toEqual({ done: 0, findings: 1, usage: 2, unreachable: 3 })
  })

  it('names scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const known = [...Object.keys(scripts), 'ci', 'install']
    for (const name of ['README.md', 'CONTRIBUTING.md'])
      for (const [, script] of page(name).matchAll(/\bnpm (?:run )?([a-z:]+)/g)) expect(known).toContain(script)
  })
})

describe('docs/import.md', () => {
  it('has a mapping that makes events of a row', async () => {
    const [, yaml] = /^```yaml\n(.*?)^```$/ms.exec(page('docs/import.md'))!
    const mapping = parseMapping(yaml!, 'import.md')
    const { catalog } = await loadCatalog(join(root, 'catalog'))
    const row = {
      order: '1',
      paid_at: '2026-03-01T12:00:00Z',
      customer: 'ada',
      total: '7.5',
      store: 'x',
      returned: '1',
    }
    const source = { columns: Object.keys(row), rows: undefined } as never
    const events = eventsByMapping(
      mapping,
      source,
      catalog!,
      (line, index) => `${line}:${index}`,
    )({
      line: 2,
      value: (name: string) => row[name as keyof typeof row],
    } as never)
    expect(events).toMatchObject([
      { event_type: 'purchase', event_id: '1', source: 'shop', user_id: 'ada' },
      { event_type: 'refund', event_id: '2:1' },
    ])
  })
})

describe("README's first indicator", () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kivi-readme-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  it('is a right catalog beside the shipped one, and counts the events that are sent', async () => {
    const section = page('README.md').split('## Your first indicator')[1]!.split('\n## ')[0]!
    const [, yaml] = /```yaml\n(.*?) *```/s.exec(section)!
    const [, body] = /-d '(\[.*\])'/s.exec(section)!
    const folder = join(directory, 'catalog')
    await cp(join(root, 'catalog'), folder, { recursive: true })
    await writeFile(join(folder, 'mine.yaml'), yaml!.replaceAll(/^ {3}/gm, ''))
    expect(await checkCatalog(folder)).toEqual([])
    const { catalog } = await loadCatalog(folder)

    const now = Date.now()
    const topic = uniqueName('readme')
    const config = loadConfig({ KIVI_TOPIC_EVENTS: topic, KIVI_TOPIC_DEAD: `${topic}.dead`, KIVI_GROUP_ID: topic })
    const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
    const log = embeddedEventLog({ path: join(directory, 'log.sqlite') })
    await log.ensureTopic(topic, { partitions: 1 })
    const clickhouse = createClickHouse({ url: await clickhouseUrl(), database: uniqueName('readme') })
    await migrate(clickhouse)
    const worker = await startIngestWorker({ log, clickhouse, catalog: () => catalog!, config, telemetry })
    const producer = await log.producer()
    try {
      // what the shell makes of the command
      const time = new Date(now).toISOString().replace(/\.\d+/, '')
      const sent = body!.replaceAll(/'\$\(date [^)]*\)'/g, time)
      const answer = await collect(catalog!, sent, records => producer.send(topic, records))
      expect(answer).toEqual({ accepted: 2, rejected: [] })
      await expect
        .poll(() => clickhouse.rows('SELECT sum(accepted) AS accepted FROM ledger'), { timeout: 30_000 })
        .toEqual([{ accepted: 2 }])
      const zone = createZone(catalog!.timezone)
      const service = await createQueryService({
        catalog: () => catalog!,
        source: createMeasureSource({ clickhouse, slices: createSliceReader(clickhouse, { zone: () => zone }) }),
        telemetry,
        http: { host: '127.0.0.1', port: 0 },
        retention: config.retention,
        disorderMs: config.ingest.disorderMs,
        idleAfterMs: config.ingest.idleAfterMs,
        now: () => now,
      })
      const url = await service.start()
      try {
        const [, path] = /127\.0\.0\.1:8080(\/v1\/indicators\/\S+?)\?/.exec(section)!
        const hour = Math.floor(now / 3_600_000) * 3_600_000
        const bounds = new URLSearchParams({
          from: new Date(hour).toISOString(),
          to: new Date(hour + 3_600_000).toISOString(),
        })
        const value = (await (await fetch(`${url}${path}?${bounds}`)).json()) as Record<string, unknown>
        expect(value).toMatchObject({ value: 0.5, parts: { empty_searches: 1, searches: 2 }, target: 0.1 })
      } finally {
        await service.stop()
      }
    } finally {
      await worker.stop()
      await producer.close()
      await clickhouse.close()
      await log.close()
    }
  })
})

/** Sends a body to a collector; the answer's body. */
async function collect(
  catalog: Catalog,
  body: string,
  send: (records: readonly NewRecord[]) => Promise<void>,
): Promise<unknown> {
  const app = fastify()
  const telemetry = createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
  const producer = { send: (_topic: string, records: readonly NewRecord[]) => send(records) }
  await app.register(collectorRoutes({ catalog: () => catalog, producer, topic: 'events', telemetry, only: null }))
  const headers = { 'content-type': 'application/json' }
  const response = await app.inject({ method: 'POST', url: '/v1/events', payload: body, headers })
  await app.close()
  return response.json()
}
