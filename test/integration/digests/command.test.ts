/** `kivi digest` at a terminal, on data that are there. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../services/standalone/src/cli/run.ts'
import { COMMANDS } from '../../../services/standalone/src/commands/index.ts'
import { Hook } from '../alerts/hook.ts'
import { filesOf, openShop, type Shop } from '../alerts/shop.ts'
import { catalogOf } from '../query/fixture.ts'

const DAY = 86_400_000
const MINUTE = 60_000

let directory: string
let hook: Hook
let shop: Shop
let env: Record<string, string>
/** the last day that is over */
const yesterday = Math.floor(Date.now() / DAY) * DAY - DAY
const name = new Date(yesterday).toISOString().slice(0, 10)

/** within this process: what a command needs is started for it all the same */
async function kivi(args: readonly string[]) {
  const written = { stdout: '', stderr: '' }
  const into = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
      return true
    },
  })
  const context = {
    ...{ env, stdin: process.stdin, stdout: into('stdout'), stderr: into('stderr') },
    ...{ signal: new AbortController().signal, ready: () => {}, onReload: () => {} },
  }
  const code = await runCli(COMMANDS, args, context as never)
  return { code, ...written }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-digest-command-'))
  hook = await Hook.open()
  const files = {
    ...filesOf(`receivers:
  hook: { type: webhook, url: '${hook.url}', language: zh }
  on_call: { type: pagerduty, routing_key: { env: NOBODY } }
`),
    'digests.yaml': `digests:
  - digest: daily
    title: { en: CTR of the day, zh: 每日点击率 }
    every: day
    indicators: [{ indicator: ctr, by: campaign }]
    receivers: hook
  - { digest: shown, title: Shown, every: month, indicators: [ctr] }
`,
  }
  shop = await openShop(await catalogOf(files))
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(catalog, file), text)
  env = {
    KIVI_CATALOG: catalog,
    KIVI_CLICKHOUSE_URL: shop.url,
    KIVI_CLICKHOUSE_DATABASE: shop.clickhouse.database,
    KIVI_DATA_DIR: join(directory, 'data'),
    KIVI_RETENTION_RAW: '0',
    KIVI_EXTERNAL_URL: 'https://kivi.example.com',
  }
  await shop.show('spring', 2, yesterday, yesterday + MINUTE)
  await shop.watermark(yesterday + DAY)
}, 60_000)
afterAll(async () => {
  await shop?.[Symbol.asyncDispose]()
  await hook?.[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

test('list tells what is due when, and show the last report as Markdown, HTML or JSON', async () => {
  const list = await kivi(['digest', 'list'])
  expect([list.stderr, list.code]).toEqual(['', 0])
  expect(list.stdout).toMatch(/daily +CTR of the day +day 08:00 .* hook\n/)
  expect(list.stdout).toMatch(/shown +Shown +month on the 1\. 08:00 .* shown only\n/)
  const markdown = await kivi(['digest', 'show', 'daily'])
  expect(markdown.stdout).toContain(`# CTR of the day\n\nDaily report, ${name}\n`)
  expect(markdown.stdout).toContain('| CTR | 20% |')
  expect(markdown.stdout).toContain(`(https://kivi.example.com/digests/daily?period=${name})`)
  const html = await kivi(['digest', 'show', 'daily', '--format', 'html', '--lang', 'zh', '--period', name])
  expect(html.stdout).toMatch(/^<!doctype html><html lang="zh-CN">/)
  expect(html.stdout).toContain('每日点击率')
  const json = await kivi(['digest', 'show', 'daily', '--format', 'json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ period: { name }, complete: true, indicators: [{ value: 0.2 }] })
})

test('send sends one for trying, in the receiver’s language, and tells the answer', async () => {
  const { code, stdout } = await kivi(['digest', 'send', 'daily'])
  expect([code, stdout]).toEqual([0, 'hook took it: 200 ok\n'])
  const sent = JSON.parse(hook.told[0]?.body ?? '{}')
  expect(sent).toMatchObject({ kind: 'digest', test: true, language: 'zh', digest: { period: { name } } })
  expect(sent.markdown).toContain('这是一条测试消息')
  hook.answering = (_, response) => void response.writeHead(400).end('no')
  expect(await kivi(['digest', 'send', 'shown', '--receiver', 'hook', '--json'])).toMatchObject({
    ...{ code: 1, stdout: expect.stringContaining('"kind":"failed"') },
  })
})

test('what is unknown is said with what there is', async () => {
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await kivi(['digest', ...args])
    return [code, stderr]
  }
  expect(await wrong('send', 'daly')).toEqual([2, expect.stringContaining('did you mean "daily"?')])
  expect(await wrong('send', 'shown')).toEqual([2, expect.stringContaining('name one with --receiver')])
  expect(await wrong('show', 'daily', '--format', 'pdf')).toEqual([
    2,
    expect.stringContaining('markdown or html or json'),
  ])
  expect(await wrong('show')).toEqual([2, expect.stringContaining('needs the ID of a digest')])
})
