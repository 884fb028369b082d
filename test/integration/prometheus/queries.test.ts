import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryFixture } from '../query/fixture.ts'
import { createPrometheusWorld } from './world.ts'

let kivi: QueryFixture
beforeAll(async () => {
  kivi = await createPrometheusWorld()
})
afterAll(() => kivi?.close())

const NOON = '2026-03-10T12:00:00Z'
const seconds = (time: string): number => Date.parse(time) / 1000

async function ask(path: string, fields: Record<string, string | string[]>) {
  const form = new URLSearchParams()
  for (const [name, all] of Object.entries(fields)) for (const one of [all].flat()) form.append(name, one)
  return kivi.get(`/prometheus/api/v1/${path}?${form}`)
}
const at = async (query: string, time = NOON) => (await ask('query', { query, time })).body.data.result
const value = async (id: string, rest = '') => (await kivi.get(`/v1/indicators/${id}/value?to=${NOON}${rest}`)).body

describe('an instant query', () => {
  it('answers the value over the default window that ends at the time', async () => {
    for (const id of ['ctr', 'clicks', 'net_revenue', 'ctr_1h', 'buyers', 'refunded']) {
      const { value: number } = await value(id)
      expect(number, id).not.toBeNull()
      expect(await at(`kivi_${id}`)).toEqual([
        { metric: { __name__: `kivi_${id}` }, value: [seconds(NOON), String(number)] },
      ])
    }
  })
})
