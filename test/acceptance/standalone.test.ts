/** `npm start` as a person has it: up, full, stopped by a signal, and going on with the same data. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const bin = join(root, 'services/standalone/bin/kivi.mjs')
const UP_WITHIN = 120_000

let directory: string
const started = new Set<ChildProcess>()
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-acceptance-'))
})
afterEach(async () => {
  for (const child of started) await stop(child)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const environment = (extra: Record<string, string>) => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('KIVI_'))
  return { ...Object.fromEntries(inherited), KIVI_HTTP_PORT: '0', ...extra }
}

/** Starts Kivi and resolves with its URL as soon as it says where the board is. */
async function start(extra: Record<string, string>) {
  const child = spawn(process.execPath, [bin, 'start'], {
    cwd: root,
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  let errors = ''
  child.stderr.on('data', chunk => {
    errors = (errors + String(chunk)).slice(-4_000)
  })
  const output: string[] = []
  const url = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', line => {
    output.push(line)
    const found = /The board: +(http\S+)/.exec(line)?.[1]
    if (found !== undefined) url.resolve(found)
  })
  child.once('exit', code => url.reject(new Error(`kivi start ended with ${code}:\n${errors}`)))
  return { child, output, url: await url.promise }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  started.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exit = once(child, 'exit')
  child.kill(signal)
  const [code] = (await exit) as [number | null]
  return code
}

async function kivi(args: string[], extra: Record<string, string>) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: root, env: environment(extra) })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => {
    out += String(chunk)
  })
  child.stderr.on('data', chunk => {
    err += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

interface Board {
  readonly indicators: ReadonlyArray<{ readonly id: string; readonly value: number | null }>
}
const json = async (url: string): Promise<unknown> => (await fetch(url)).json()

/** Asks until the answer is as wanted; the test's own time-out is the limit. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

describe('with the demo', () => {
  it(
    'has a full board whose values move; a signal stops it cleanly; it goes on with the same data',
    async () => {
      const env = { KIVI_DATA_DIR: join(directory, 'demo'), KIVI_DEMO: 'on' }
      const count = (url: string) => async () =>
        Number(((await json(`${url}/v1/indicators/page_views/value?window=1d`)) as { value: number | null }).value ?? 0)
      const first = await start(env)
      const board = (await until(
        () => json(`${first.url}/v1/board`),
        answer => (answer as Board).indicators.filter(({ value }) => value !== null).length >= 10,
      )) as Board
      expect(board.indicators.length).toBeGreaterThanOrEqual(10)
      const before = await count(first.url)()
      const moved = await until(count(first.url), value => value !== before)
      expect(moved).not.toBe(before)

      const endpoint = JSON.parse(await readFile(join(env.KIVI_DATA_DIR, 'endpoint.json'), 'utf8')) as {
        url: string
        pid: number
      }
      expect(endpoint).toMatchObject({ url: first.url, pid: first.child.pid })
      const second = await kivi(['start'], env)
      expect(second.code).toBe(3)
      expect(second.err).toContain(`process ${first.child.pid}`)
      const refused = await fetch(`${first.url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event_id: 'a', event_type: 'page_view', event_time: Date.now(), source: 'shop' }),
      })
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'demo_only'])
      const imported = await kivi(['import', join(root, 'test/fixtures/ads/impressions.csv')], env)
      expect([imported.code, imported.err.includes('KIVI_DEMO=off npm start')]).toEqual([1, true])

      expect(await stop(first.child, 'SIGINT')).toBe(0)
      expect(first.output.at(-1)).toBe('Kivi has stopped.')
      await expect(readFile(join(env.KIVI_DATA_DIR, 'endpoint.json'))).rejects.toThrow('ENOENT')

      const again = await start(env)
      expect(await until(count(again.url), value => value > 0)).toBeGreaterThan(0)
      expect(await stop(again.child)).toBe(0)
      const reconciled = await kivi(['reconcile', '--json'], env)
      expect(JSON.parse(reconciled.out)).toMatchObject({
        findings: [],
        totals: { rejected: 0, duplicate: 0, too_late: 0 },
      })
      expect(reconciled.code).toBe(0)
    },
    2 * UP_WITHIN,
  )
})

describe('without the demo', () => {
  it(
    'counts what is sent and what is imported, and other commands find it',
    async () => {
      const env = { KIVI_DATA_DIR: join(directory, 'own') }
      const { child, url } = await start(env)
      const now = Date.now()
      const events = Array.from({ length: 20 }, (_, i) => ({
        event_id: `sent-${i}`,
        event_type: 'page_view',
        event_time: now - 60_000,
        source: 'shop',
        anonymous_id: `a${i % 5}`,
      }))
      const answer = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: events.map(event => JSON.stringify(event)).join('\n'),
      })
      expect(await answer.json()).toEqual({ accepted: 20, rejected: [] })
      const file = join(directory, 'more.ndjson')
      await writeFile(
        file,
        `${events.map(event => JSON.stringify({ ...event, event_id: `file-${event.event_id}` })).join('\n')}\n{broken\n`,
      )
      const imported = await kivi(['import', file, '--json'], env)
      expect(imported.code).toBe(1)
      expect(JSON.parse(imported.out)).toMatchObject({
        sent: 20,
        refused: 1,
        refusals: [{ line: 21, reason: 'unreadable' }],
      })
      const window = [
        '--from',
        new Date(now - 3_600_000 - (now % 900_000)).toISOString(),
        '--to',
        new Date(now + 900_000 - (now % 900_000)).toISOString(),
      ]
      const shown = await kivi(['value', 'page_views', ...window, '--json'], env)
      expect(shown.err).toBe('')
      expect(JSON.parse(shown.out)).toMatchObject({ indicator: 'page_views', value: 40 })
      expect((await kivi(['value', 'page_vews'], env)).code).toBe(2)
      expect((await kivi(['board'], env)).out).toContain('visitors')
      expect(await stop(child)).toBe(0)
    },
    UP_WITHIN,
  )
})
