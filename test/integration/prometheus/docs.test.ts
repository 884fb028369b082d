/** docs/prometheus.md says what is there. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  AGGREGATIONS,
  ARITHMETIC,
  COMPARISONS,
  RANGE_FUNCTIONS,
} from '../../../services/query-service/src/prometheus/promql/syntax.ts'
import type { QueryFixture } from '../query/fixture.ts'
import { createPrometheusWorld } from './world.ts'

let kivi: QueryFixture
let page: string
beforeAll(async () => {
  page = await readFile(new URL('../../../docs/prometheus.md', import.meta.url), 'utf8')
  kivi = await createPrometheusWorld()
})
afterAll(() => kivi?.close())

it('has queries that are answered with samples', async () => {
  const queries = [...page.matchAll(/^```promql\n(.*?)^```$/gms)].flatMap(([, text]) => text!.trim().split('\n'))
  expect(queries.length).toBeGreaterThan(12)
  for (const query of queries) {
    const { status, body } = await kivi.get(
      `/prometheus/api/v1/query?query=${encodeURIComponent(query)}&time=2026-03-10T12:00:00Z`,
    )
    expect([query, status]).toEqual([query, 200])
    expect(body.data.result.length, query).toBeGreaterThan(0)
  }
})

it('names all that is understood', () => {
  const table = page.split('## What is understood')[1]!.split('```')[0]!
  for (const name of [...AGGREGATIONS, ...RANGE_FUNCTIONS]) expect(table).toContain(`\`${name}\``)
  expect(table).toContain(`\`${ARITHMETIC.join(' ')}\``)
  expect(table).toContain(`\`${COMPARISONS.join(' ')}\``)
})

it('lists the addresses, each with the parameters that it looks at', async () => {
  const section = page.split('## Addresses')[1]!.split('\n## ')[0]!
  const addresses = [...section.matchAll(/^\| `(\/[^`]+)` \|/gm)].map(([, path]) => path!)
  expect(addresses).toHaveLength(7)
  const fields = 'query=1&start=1&end=2&step=1&match[]=kivi_ctr'
  for (const path of addresses) expect((await kivi.get(`/prometheus/api/v1${path}?${fields}`)).status, path).toBe(200)
})

it('shows a page to scrape whose families are those of the real one', async () => {
  const families = (text: string) =>
    [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`)
  const [, shown] = /^```text\n(.*?)^```$/ms.exec(page)!
  const { text } = await kivi.get('/metrics/indicators')
  expect(families(shown!)).toHaveLength(4)
  expect(families(text)).toEqual(expect.arrayContaining(families(shown!)))
})
