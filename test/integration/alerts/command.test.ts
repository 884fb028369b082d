/** `kivi alerts` at a terminal, on data that are there. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kivi } from '../../acceptance/support/command.ts'
import { Hook } from './hook.ts'
import { catalogWith, ctrLow, filesOf, MINUTE, openShop, SECOND, type Shop } from './shop.ts'

const rules = (url: string): string => `
alerts:
${ctrLow()}  - alert: Stalled
    stalled: 5m
receivers:
  hook: { type: webhook, url: '${url}' }
route: { receiver: hook }
`

let directory: string
let hook: Hook
let shop: Shop
let env: Record<string, string>
const base = Math.floor((Date.now() - 30 * MINUTE) / MINUTE) * MINUTE
const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z')

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-alerts-command-'))
  hook = await Hook.open()
  shop = await openShop(await catalogWith(rules(hook.url)))
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  for (const [name, text] of Object.entries(filesOf(rules(hook.url)))) await writeFile(join(catalog, name), text)
  env = {
    KIVI_CATALOG: catalog,
    KIVI_CLICKHOUSE_URL: shop.url,
    KIVI_CLICKHOUSE_DATABASE: shop.clickhouse.database,
    KIVI_DATA_DIR: join(directory, 'data'),
    KIVI_RETENTION_RAW: '0',
  }
  await shop.show('spring', 2, base, base + 60 * SECOND)
  await shop.show('spring', 0, base + 60 * SECOND, base + 180 * SECOND)
  await shop.show('spring', 2, base + 180 * SECOND, base + 300 * SECOND)
  await shop.watermark(base + 300 * SECOND)
}, 60_000)
afterAll(async () => {
  await shop?.[Symbol.asyncDispose]()
  await hook?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

test('simulate tells what a rule would have done, at its exact instants, and tells nobody else', async () => {
  const { code, stdout, stderr } = await kivi(['alerts', 'simulate', 'CtrLow', '--days', '1', '--json'], { env })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    to: iso(base + 300 * SECOND),
    episodes: [
      {
        labels: { campaign: 'spring' },
        from: iso(base + 130 * SECOND),
        to: iso(base + 230 * SECOND),
        reason: 'condition',
      },
    ],
  })
  const told = await kivi(['alerts', 'simulate', 'CtrLow', '--days', '1'], { env })
  expect(told.stdout).toContain('it would have fired once')
  expect(hook.told).toEqual([])
})

test('test sends one message that says what it is, and tells the answer', async () => {
  const { code, stdout } = await kivi(['alerts', 'test', 'hook'], { env })
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^hook took it: /)])
  expect(hook.told).toMatchObject([{ reason: 'test', alerts: [{ labels: { alertname: 'KiviTest' } }] }])
  hook.answering = (_, response) => void response.writeHead(400).end('no')
  expect(await kivi(['alerts', 'test', 'hook'], { env })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('did not take it (failed)'),
  })
})

test('list says who judges, and what is unknown is said with what there is', async () => {
  expect(await kivi(['alerts', 'list'], { env })).toMatchObject({
    code: 0,
    stdout: 'Nothing fires. No evaluator has judged alerts yet.\n',
  })
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await kivi(['alerts', ...args], { env })
    return [code, stderr]
  }
  expect(await wrong('simulate', 'CtrLo')).toEqual([2, expect.stringContaining('did you mean "CtrLow"?')])
  expect(await wrong('simulate', 'Stalled')).toEqual([2, expect.stringContaining('about Kivi itself')])
  expect(await wrong('test', 'phone')).toEqual([2, expect.stringContaining('It has hook.')])
  expect(await wrong('show', '0000000000000000')).toEqual([2, expect.stringContaining('There is no alert')])
  expect(await wrong('show')).toEqual([2, expect.stringContaining('needs the ID of an alert')])
  expect(await wrong('sho')).toEqual([2, expect.stringContaining('did you mean "show"?')])
})
