/** A running Kivi, from events over HTTP to people being told: a catalog that changes meanwhile, and events that come late. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KIVI, start } from '../../acceptance/support/command.ts'
import { Hook } from './hook.ts'
import { filesOf, MINUTE, SECOND } from './shop.ts'

const WITHIN_MS = 60_000
const SLICE = 10 * SECOND

const rules = (url: string, { words = 'low', condition = 'value < 0.1' } = {}): string => `
alerts:
  - alert: CtrLow
    indicator: ctr
    by: [campaign]
    window: 1m
    condition: ${condition}
    every: 10s
    for: 30s
    labels: { words: ${words} }
    annotations: { summary: 'CTR of {{campaign}} is ${words}' }
receivers:
  hook: { type: webhook, url: '${url}' }
route: { receiver: hook, group_by: [campaign], group_wait: 0s, group_interval: 1s, repeat_interval: 4h }
`

const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

test('a changed text keeps what is pending, a changed definition begins it anew, late events end an alert', {
  timeout: 180_000,
}, async () => {
  await using hook = await Hook.open()
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alerts-running-'))
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  for (const [name, text] of Object.entries(filesOf(rules(hook.url)))) await writeFile(join(catalog, name), text)
  await using kivi = start(KIVI, ['start'], {
    env: {
      KIVI_DATA_DIR: join(directory, 'data'),
      KIVI_CATALOG: catalog,
      KIVI_HTTP_PORT: '0',
      KIVI_FLUSH_INTERVAL: '100ms',
      // the time is that of the events alone
      KIVI_DISORDER: '0s',
      KIVI_IDLE_AFTER: '1d',
      KIVI_RETENTION_RAW: '0',
    },
  })
  try {
    const url = (await kivi.says(/The board: +(\S+)/, WITHIN_MS))[1]!
    const base = Math.floor((Date.now() - 60 * MINUTE) / MINUTE) * MINUTE
    let sent = 0
    /** Ten impressions and as many clicks in each slice of [from, to), from people of all partitions. */
    const show = async (campaign: string, clicks: number, from: number, to: number, more: readonly object[] = []) => {
      const events: object[] = [...more]
      for (let slice = base + from; slice < base + to; slice += SLICE)
        for (const [type, count] of [
          ['impression', 10],
          ['click', clicks],
        ] as const)
          for (let i = 0; i < count; i++)
            events.push({ event_type: type, event_time: slice + i, campaign, user_id: `u${i}` })
      const response = await fetch(new URL('/v1/events', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(events.map(event => ({ event_id: `e${sent++}`, ...event }))),
      })
      expect(await response.json()).toMatchObject({ accepted: events.length, rejected: [] })
    }
    /** The data are known up to then: something came of every partition. */
    const marks = (to: number) =>
      Array.from({ length: 32 }, (_, i) => ({
        event_type: 'page_view',
        event_time: base + to,
        page: '/',
        user_id: `mark${i}`,
      }))
    const happened = async (event: string) => {
      const response = await fetch(new URL('/v1/alerts/history?limit=200', url))
      const { items } = (await response.json()) as {
        items: ReadonlyArray<{ event: string; instant: string; labels: Record<string, string> }>
      }
      return items
        .filter(each => each.event === event)
        .map(({ labels, instant }) => `${labels['campaign']} ${instant}`)
        .reverse()
    }
    const judged = (instant: number) =>
      expect
        .poll(
          async () => {
            const answer = await (await fetch(new URL('/v1/alerts', url))).json()
            return Date.parse((answer as { evaluated: string | null }).evaluated ?? '')
          },
          { timeout: WITHIN_MS, interval: 200 },
        )
        .toBeGreaterThanOrEqual(instant)
    const become = (event: string, lines: readonly string[]) =>
      expect.poll(() => happened(event), { timeout: WITHIN_MS, interval: 200 }).toEqual(lines)
    const change = async (to: Parameters<typeof rules>[1]) => {
      const before = taken()
      await writeFile(join(catalog, 'alerts.yaml'), rules(hook.url, to))
      kivi.kill('SIGHUP')
      await expect.poll(taken, { timeout: WITHIN_MS, interval: 100 }).toBeGreaterThan(before)
    }
    const taken = () =>
      kivi
        .output()
        .split('\n')
        .filter(line => line.includes('"service":"evaluator"') && line.includes('the catalog has changed')).length

    await show('spring', 2, 0, 60 * SECOND, marks(60 * SECOND))
    await judged(base + 60 * SECOND)
    // four slices of six without a click, and that at two instants
    await show('spring', 0, 60 * SECOND, 110 * SECOND, marks(110 * SECOND))
    await become('pending', [`spring ${iso(base + 100 * SECOND)}`])
    await change({ words: 'poor' })
    await show('spring', 0, 110 * SECOND, 130 * SECOND, marks(130 * SECOND))
    await hook.until(() => hook.told.length > 0)
    expect(hook.lines).toEqual([`firing spring ${iso(base + 130 * SECOND)}`])
    expect(hook.told[0]?.alerts[0]?.labels['words']).toBe('poor')

    // of autumn nobody ever clicks
    await show('spring', 0, 130 * SECOND, 140 * SECOND)
    await show('autumn', 0, 60 * SECOND, 140 * SECOND, marks(140 * SECOND))
    await become('pending', [`spring ${iso(base + 100 * SECOND)}`, `autumn ${iso(base + 140 * SECOND)}`])
    await change({ words: 'poor', condition: 'value < 0.11' })
    await show('spring', 0, 140 * SECOND, 180 * SECOND)
    await show('autumn', 0, 140 * SECOND, 180 * SECOND, marks(180 * SECOND))
    await hook.until(() => hook.told.length > 1)
    // it has held since 140 s; by this definition it has been judged since 150 s
    expect(hook.lines.slice(1)).toEqual([`firing autumn ${iso(base + 180 * SECOND)}`])
    expect(await happened('resolved')).toEqual([])

    // clicks that somebody kept for half a minute
    await show('spring', 9, 140 * SECOND, 170 * SECOND)
    await show('autumn', 0, 180 * SECOND, 190 * SECOND, marks(190 * SECOND))
    await hook.until(() => hook.told.length > 2)
    expect(hook.lines.slice(2)).toEqual([`resolved spring ${iso(base + 190 * SECOND)}`])
    expect(await happened('firing')).toEqual([
      `spring ${iso(base + 130 * SECOND)}`,
      `autumn ${iso(base + 180 * SECOND)}`,
    ])
  } finally {
    await kivi[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }
})
