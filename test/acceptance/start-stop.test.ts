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
import { type Finished, KIVI, kivi, kiviPrints, type Running, start } from './support/command.ts'

const STOPPED_WITHIN_MS = 15_000
const UP_WITHIN_MS = 60_000

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
const boardAt = async (url: string): Promise<Map<string, number | null>> => {
  const response = await fetch(new URL('/v1/board?window=1d', url))
  const { indicators } = (await response.json()) as Board
  return new Map(indicators.map(({ id, value }) => [id, value]))
}

/** The URL of the board, once it is up, has values, and has shown other values a moment later. */
async function boardMoves(process: Running): Promise<string> {
  const [, url] = await process.says(/The board: +(\S+)/, UP_WITHIN_MS)
  const page = await fetch(url!)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  let before: Map<string, number | null> | null = null
  await expect
    .poll(
      async () => {
        const now = await boardAt(url!)
        // a storefront that sells: every indicator of the board that is a count of something has something to show
        if (!(now.get('purchases')! > 0 && now.get('visitors')! > 0)) return false
        before ??= now
        return [...now].some(([id, value]) => before!.get(id) !== value)
      },
      { timeout: 2 * UP_WITHIN_MS, interval: 300 },
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
  expect(performance.now() - begun).toBeLessThan(STOPPED_WITHIN_MS)
  await expect.poll(() => family.filter(lives), { timeout: 5_000 }).toEqual([])
  return finished
}

interface Totals {
  readonly records: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
}
/** Nothing missing and nothing twice, by `kivi reconcile` and by the ids themselves. */
async function reconciled(): Promise<Totals> {
  const { totals } = JSON.parse(await kiviPrints(['reconcile', '--json'], { env })) as { totals: Totals }
  expect(totals).toMatchObject({ rejected: 0, duplicate: 0, accepted: totals.records })
  return totals
}
async function idsThatAreTwice(): Promise<number> {
  const { clickhouse: url } = JSON.parse(await readFile(join(directory, 'endpoint.json'), 'utf8'))
  const clickhouse = createClickHouse({ url })
  const [row] = await clickhouse.rows<{ n: number }>('SELECT count() - uniqExact(event_id) AS n FROM events')
  await clickhouse.close()
  return row!.n
}

describe('npm start', () => {
  let counted = 0

  test('has the board up with moving values within a minute; SIGTERM to npm stops it cleanly', async () => {
    const begun = performance.now()
    await using npm = start('npm', ['start'], { env })
    await boardMoves(npm)
    expect(performance.now() - begun).toBeLessThan(UP_WITHIN_MS)
    const { stdout } = await stops(npm, () => npm.kill('SIGTERM'))
    expect(stdout).toContain('Kivi has stopped.')
    expect(await readdir(directory)).not.toContain('endpoint.json')
    counted = (await reconciled()).accepted
    expect(counted).toBeGreaterThan(0)
  }, 240_000)

  test('goes on with the same data; Ctrl-C stops it cleanly', async () => {
    await using npm = start('npm', ['start'], { env })
    await boardMoves(npm)
    expect(await idsThatAreTwice()).toBe(0)
    const { stdout } = await stops(npm, () => npm.killGroup('SIGINT'))
    expect(stdout).toContain('Kivi has stopped.')
    const { accepted } = await reconciled()
    expect(accepted).toBeGreaterThan(counted)
    counted = accepted
  }, 240_000)

  test('goes on after kill -9 too, which leaves no process behind, started again at once', async () => {
    const first = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
    await boardMoves(first)
    const family = await familyOf(first.pid)
    first.kill('SIGKILL')
    // at once, as a supervisor does
    await using again = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
    await boardMoves(again)
    await expect.poll(() => family.filter(lives), { timeout: 10_000 }).toEqual([])
    expect(await idsThatAreTwice()).toBe(0)
    await stops(again, () => again.kill('SIGTERM'))
    expect((await reconciled()).accepted).toBeGreaterThan(counted)
  }, 240_000)

  test('a stop that comes while it starts is a clean one', async () => {
    await using process = start(KIVI, ['start'], { env: { ...env, KIVI_DEMO: 'on' } })
    await process.says(/the embedded ClickHouse serves/)
    const { code, stdout } = await stops(process, () => process.kill('SIGTERM'))
    expect([code, stdout]).toEqual([0, expect.stringContaining('Kivi has stopped.')])
    await reconciled()
  })
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

  test('where another Kivi uses the directory, which goes on undisturbed', async () => {
    const shared = await mkdtemp(join(tmpdir(), 'kivi-shared-'))
    try {
      const settings = { KIVI_DATA_DIR: shared, KIVI_HTTP_PORT: '0' }
      await using first = start(KIVI, ['start'], { env: settings })
      const [, url] = await first.says(/The board: +(\S+)/)
      const second = await kivi(['start'], { env: settings })
      expect(second.code).toBe(3)
      expect(told(second)).toEqual([expect.stringMatching(/Another Kivi \(process \d+, http.*KIVI_DATA_DIR=/)])
      expect(second.stderr).toContain(url)
      expect((await fetch(new URL('/readyz', url))).status).toBe(200)
      await stops(first, () => first.kill('SIGTERM'))
    } finally {
      await rm(shared, { recursive: true, force: true })
    }
  })
})
