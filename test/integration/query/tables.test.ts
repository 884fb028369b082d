/** Answers as CSV: whoever opens them in a spreadsheet sees what was said, and runs nothing. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenApi } from '../../contract/http/document.ts'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

const HOSTILE = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '|calc', '＝1', 'a,"b"\r\nc']

let kivi: QueryFixture
let document: OpenApi
let action: string

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nboard: [ctr, clicks]\n',
    'm.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
indicators:
  ctr: { label: { en: Click-through rate, zh: 点击率 }, type: ratio, numerator: clicks, denominator: impressions,
    unit: percent, better: higher, targets: [{ value: 0.02, from: 2026-01-01, reason: '=plan' }] }
references:
  market: { label: Market, unit: count, kind: level, dimensions: [region] }
entities:
  person: { key: person, fields: { purchases: { event: purchase, agg: list, expr: amount } } }
funnels:
  checkout: { within: 1d, dimensions: [campaign], steps: [{ name: cart, event: cart }, { name: order, event: purchase }] }
segments:
  value: { entity: person, value: sum(purchases), measured: 'sum(purchases, window_start, window_end)',
    limits: { high: 100, low: 0 }, shares: { high: 0.5, low: 0.5 } }
`,
  })
  kivi = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z' })
  await kivi.insert(
    HOSTILE.flatMap(campaign => [
      { event_time: '2026-03-10T10:00:00Z', event_type: 'impression', campaign },
      { event_time: '2026-03-10T10:00:00Z', event_type: 'click', campaign },
    ]),
  )
  await kivi.watermark('2026-03-10T12:00:05Z')
  const sent = { label: '=HYPERLINK("x")', indicators: ['ctr'], at: '2026-03-01T00:00:00Z', owner: '@me' }
  action = (await kivi.send('POST', '/v1/actions', sent)).body.id
  const values = HOSTILE.map(region => ({ value: -5, from: '2026-01-01T00:00:00Z', by: { region } }))
  await kivi.send('POST', '/v1/references/market', { items: values })
  document = (await kivi.get('/openapi.json')).body
})
afterAll(() => kivi?.close())

/** What each is asked, where the address alone does not do. */
const QUERIES: Record<string, string> = {
  '/v1/indicators/{id}/value': 'window=1d&by=campaign&compare=previous',
  '/v1/indicators/{id}/series': 'window=3h&step=1h&by=campaign',
  '/v1/drivers/{id}': 'window=1d&by=campaign',
  '/v1/correlations': 'x=ctr&y=clicks&window=7d',
  '/v1/targets/{id}/attainment': 'per=day&periods=3',
}
const addressOf = (path: string) =>
  `${path
    .replace('/v1/funnels/{id}', '/v1/funnels/checkout')
    .replace('/v1/actions/{id}', `/v1/actions/${action}`)
    .replace('{id}', 'ctr')
    .replace('{name}', 'market')}?${QUERIES[path] ?? ''}`

/** Which addresses say that they have a table. */
const tables = () =>
  Object.entries(document.paths)
    .filter(([, { get }]) => get?.responses['200']?.content?.['text/csv'] !== undefined)
    .map(([path]) => path)
    .filter(path => path.startsWith('/v1/'))

test('wherever a table is the answer there is one, well formed, under a name that is a name', async () => {
  expect(tables().length).toBeGreaterThanOrEqual(15)
  for (const path of tables()) {
    const { status, text, headers } = await kivi.get(addressOf(path), { accept: 'text/csv' })
    expect([path, status, headers['content-type']]).toEqual([path, 200, 'text/csv; charset=utf-8'])
    expect(headers['content-disposition'], path).toMatch(/^attachment; filename="[A-Za-z0-9_-]+\.csv"$/)
    expect(text.endsWith('\r\n'), path).toBe(true)
    const [columns, ...rows] = parse(text) as string[][]
    expect(new Set(columns).size, path).toBe(columns!.length)
    for (const row of rows) expect(row, path).toHaveLength(columns!.length)
    // the same by the parameter, for links; and a mark by which to ask whether it changed
    const linked = await kivi.get(`${addressOf(path)}&format=csv`)
    expect([path, linked.text]).toEqual([path, text])
    const again = await kivi.get(addressOf(path), { accept: 'text/csv', 'if-none-match': String(headers['etag']) })
    expect([path, again.status]).toEqual([path, 304])
  }
})

test('no cell is taken for a formula, whatever events, actions and references are called', async () => {
  let seen = 0
  for (const path of tables()) {
    const { text } = await kivi.get(`${addressOf(path)}&format=csv`)
    for (const row of parse(text) as string[][])
      for (const cell of row) {
        // a number with a sign is a number
        if (cell !== '' && Number.isFinite(Number(cell)) && !/^[\s＋－]/.test(cell)) continue
        expect(cell, path).not.toMatch(/^[=+\-@\t\r\n|＝＋－＠]/)
        if (cell.startsWith("'")) seen++
      }
  }
  expect(seen).toBeGreaterThan(20)
})

test('what is between the apostrophe and the end is what was said', async () => {
  const { text } = await kivi.get('/v1/references/market?format=csv')
  const rows = parse(text, { columns: true }) as Array<Record<string, string>>
  const said = rows.map(({ region }) => region!.replace(/^'/, '')).sort()
  expect(said).toEqual([...HOSTILE].sort())
  expect(rows[0]).toMatchObject({ from: '2026-01-01T00:00:00Z', until: '', value: '-5' })
})

test('columns do not depend on the data', async () => {
  const header = async (query: string) =>
    (await kivi.get(`/v1/indicators/ctr/value?format=csv&${query}`)).text.split('\r\n')[0]
  const plain = await header('window=1d')
  expect(await header('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toBe(plain)
  expect(await header('window=1d&by=campaign')).toBe(`campaign,${plain}`)
})

describe('Excel', () => {
  test('gets the mark by which it knows UTF-8, programs do not', async () => {
    const path = '/v1/board'
    const [excel, csv] = [await kivi.get(`${path}?format=excel`), await kivi.get(`${path}?format=csv`)]
    expect(excel.text).toBe(`\ufeff${csv.text}`)
    expect(csv.text).toContain('点击率')
    expect(excel.headers['etag']).not.toBe(csv.headers['etag'])
  })

  test('a format that there is not is refused with those that there are', async () => {
    const { status, body } = await kivi.get('/v1/board?format=xls')
    expect([status, body.code, body.allowed]).toEqual([400, 'invalid_parameter', ['json', 'csv', 'excel']])
  })

  test('a problem is a problem, not a file', async () => {
    const { headers, body } = await kivi.get('/v1/indicators/nope/series?format=csv')
    expect(body.code).toBe('unknown_indicator')
    expect(headers['content-disposition']).toBeUndefined()
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  })
})
