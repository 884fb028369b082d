/**
 * The first minutes with Kivi, as a person at a terminal has them: `npm start`, a board that moves, Ctrl-C, starting
 * again; and what it says when it cannot start.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClickHouse } from '@kivi/clickhouse'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Finished, KIVI, kivi, kiviPrints, onThisMachine, type Running, root, start } from './support/command.ts'

const STOPPED_WITHIN_MS = 15_000
const UP_WITHIN_MS = 60_000
// how long something took is judged once it is there, by how busy the machine was meanwhile; till then it is waited for
const PATIENCE_MS = 300_000
const TEST_WITHIN_MS = 2 * PATIENCE_MS

let directory: string
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-start-'))
  env = { KIVI_DATA_DIR: directory, KIVI_HTTP_PORT: '0' }
})
afterAll(() => rm(directory, { recursive: true, force: true }))

interface Board {
  readonly indicators: ReadonlyArray<{ readonly id: string; readonly value: number | null }>
}
const valuesOf = ({ indicators }: Board) => new Map(indicators.map(({ id, value }) => [id, value]))
const getFrom = async <T>(url: string, path: string): Promise<T> =>
  (await (await fetch(new URL(path, url))).json()) as T
const pageViews = async (url: string): Promise<number> =>
  (await getFrom<{ value: number | null }>(url, '/v1/indicators/page_views/value?window=1d')).value ?? 0

/** The URL of the board, once it is up, has values, and has shown other values a moment later. */
async function boardMoves(process: Running): Promise<string> {
  const [, url] = await process.says(/The board: +(\S+)/, PATIENCE_MS)
  const page = await fetch(url!)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  const seen: { board?: Map<string, number | null>; views?: number } = {}
  await expect
    .poll(
      async () => {
        const now = valuesOf(await getFrom(url!, '/v1/board?window=1d'))
        // a storefront that sells: every indicator of the board that is a count of something has something to show
        if (!(now.get('purchases')! > 0 && now.get('visitors')! > 0)) return false
        seen.board ??= now
        const views = await pageViews(url!)
        if (views > 0) seen.views ??= views
        return [...now].some(([id, value]) => seen.board!.get(id) !== value) && views !== (seen.views ?? views)
      },
      { timeout: PATIENCE_MS, interval: 300 },
    )
    .toBe(true)
  return url!
}

/** A process and all that it started, at this moment. */
async function familyOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number) as [number, number])
  const family = [pid]
  for (const parent of family) family.push(...pairs.filter(([, ppid]) => ppid === parent).map(([child]) => child))
  return family
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Ends it as told; it and all of its family are gone in time, and the directory is free. */
async function stops(running: Running, how: () => void): Promise<Finished> {
  const family = await familyOf(running.pid)
  const begun = performance.now()
  how()
  const finished = await running.ended
  expect(performance.now() - begun).toBeLessThan(onThisMachine(STOPPED_WITHIN_MS))
  await expect.poll(() => family.filter(lives), { timeout: onThisMachine(5_000) }).toEqual([])
  return finished
}

interface Reconciled {
  readonly totals: { readonly records: number; readonly accepted: number }
  readonly findings: readonly unknown[]
}
/** Nothing missing, nothing twice, nothing set aside, by `kivi reconcile`; how many were accepted. */
async function reconciled(): Promise<number> {
  const { totals, findings } = JSON.parse(await kiviPrints(['reconcile', '--json'], { env })) as Reconciled
  expect(findings).toEqual([])
  expect(totals).toMatchObject({ rejected: 0, duplicate: 0, too_late: 0, accepted: totals.records })
  return totals.accepted
}
async function idsThatAreTwice(): Promise<number> {
  const { clickhouse: url } = JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8'))
  const clickhouse = createClickHouse({ url })
  const [row] = await clickhouse.rows<{ n: number }>('SELECT count() - uniqExact(event_id) AS n FROM events')
  await clickhouse.close()
  return row!.n
}

/** Another Kivi finds this one, and events of one's own are refused, over HTTP and from files. */
async function isTheDemoOnly({ pid }: Running, url: string): Promise<void> {
  expect(JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8'))).toMatchObject({
    url: new URL(url).origin,
    pid,
  })
  const demo = { ...env, KIVI_DEMO: 'on' }
  const event = { event_id: 'a', event_type: 'page_view', event_time: Date.now(), source: 'shop' }
  const [second, posted, imported] = await Promise.all([
    kivi(['start'], { env: demo }),
    fetch(new URL('/v1/events', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    }),
    kivi(['import', join(root, 'test/fixtures/ads/impressions.csv')], { env: demo }),
  ])
  expect(second.code).toBe(3)
  expect(second.stderr).toContain(`process ${pid}`)
  expect([posted.status, ((await posted.json()) as { code: string }).code]).toEqual([409, 'demo_only'])
  expect([imported.code, imported.stderr.includes('KIVI_DEMO=off npm start')]).toEqual([1, true])
}

describe('npm start', () => {
  let counted = 0

  test(
    'has the board up with moving values within a minute; SIGTERM to npm stops it cleanly',
    async () => {
      const begun = performance.now()
      await using npm = start('npm', ['start'], { env })
      const url = await boardMoves(npm)
      expect(performance.now() - begun).toBeLessThan(onThisMachine(UP_WITHIN_MS))
      // each indicator over its own window
      const full = async () => [...valuesOf(await getFrom(url, '/v1/board')).values()].filter(value => value !== null)
      await expect.poll(async () => (await full()).length, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(10)
      const { stdout } = await stops(npm, () => npm.kill('SIGTERM'))
      expect(stdout).toContain('Kivi has stopped.')
      expect(await readdir(directory)).not.toContain('endpoint.json')
      counted = await reconciled()
      expect(counted).toBeGreaterThan(0)
    },
    TEST_WITHIN_MS,
  )

  test(
    'goes on with the same data; Ctrl-C stops it cleanly',
    async () => {
      await using npm = start('npm', ['start'], { env })
      await boardMoves(npm)
      expect(await idsThatAreTwice()).toBe(0)
      const { stdout } = await stops(npm, () => npm.killGroup('SIGINT'))
      expect(stdout).toContain('Kivi has stopped.')
      const accepted = await reconciled()
      expect(accepted).toBeGreaterThan(counted)
      counted = accepted
    },
    TEST_WITHIN_MS,
  )

  test(
    'goes on after kill -9 too, which leaves no process behind, started again at once',
    async () => {
      const first = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
      const url = await boardMoves(first)
      await isTheDemoOnly(first, url)
      const family = await familyOf(first.pid)
      first.kill('SIGKILL')
      // at once, as a supervisor does
      await using again = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
      expect(await pageViews(await boardMoves(again))).toBeGreaterThan(0)
      await expect.poll(() => family.filter(lives), { timeout: onThisMachine(10_000) }).toEqual([])
      expect(await idsThatAreTwice()).toBe(0)
      // to the process alone, not to its group
      const { code, stdout } = await stops(again, () => again.kill('SIGINT'))
      expect([code, stdout.trim().split('\n').at(-1)]).toEqual([0, 'Kivi has stopped.'])
      expect(await readdir(directory)).not.toContain('endpoint.json')
      expect(await reconciled()).toBeGreaterThan(counted)
    },
    TEST_WITHIN_MS,
  )

  test(
    'a stop that comes while it starts is a clean one',
    async () => {
      await using process = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
      await process.says(/the embedded ClickHouse serves/, PATIENCE_MS)
      const { code, stdout } = await stops(process, () => process.kill('SIGTERM'))
      expect([code, stdout]).toEqual([0, expect.stringContaining('Kivi has stopped.')])
      await reconciled()
    },
    TEST_WITHIN_MS,
  )
})

describe('when it cannot start, one sentence says why and what to do', () => {
  /** what was said, without the lines of the log */
  const told = ({ stderr }: Finished): string[] => stderr.split('\n').filter(line => line !== '' && line[0] !== '{')

  test('where the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const elsewhere = await mkdtemp(join(tmpdir(), 'kivi-port-'))
    try {
      const settings = { KIVI_DATA_DIR: elsewhere, KIVI_HTTP_PORT: port }
      const finished = await kivi(['start'], { env: settings })
      expect(finished.code).not.toBe(0)
      expect(told(finished)).toEqual([expect.stringMatching(new RegExp(`\\b${port}\\b.*KIVI_HTTP_PORT`))])
    } finally {
      other.close()
      await rm(elsewhere, { recursive: true, force: true })
    }
  })

  test(
    'where another Kivi uses the directory, which goes on undisturbed',
    async () => {
      const shared = await mkdtemp(join(tmpdir(), 'kivi-shared-'))
      try {
        const settings = { KIVI_DATA_DIR: shared, KIVI_HTTP_PORT: '0' }
        await using first = start(KIVI, ['start'], { env: settings })
        const [, url] = await first.says(/The board: +(\S+)/, PATIENCE_MS)
        const second = await kivi(['start'], { env: settings })
        expect(second.code).toBe(3)
        expect(told(second)).toEqual([expect.stringMatching(/Another Kivi \(process \d+, http.*KIVI_DATA_DIR=/)])
        expect(second.stderr).toContain(url)
        expect((await fetch(new URL('/readyz', url))).status).toBe(200)
        await stops(first, () => first.kill('SIGTERM'))
      } finally {
        await rm(shared, { recursive: true, force: true })
      }
    },
    TEST_WITHIN_MS,
  )
})
