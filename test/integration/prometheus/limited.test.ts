/** A key that is limited sees its part of the series, as if there were nothing else. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../access/world.ts'

let world: World
let secret: string
let all: string
beforeAll(async () => {
  world = await createWorld()
  secret = (await world.key(['read'], { owner: null, dimensions: { region: ['north'] } }, 'north')).secret
  all = (await world.key(['read'], null, 'all')).secret
  // keys are read at most once a second, by the clock that the test has in its hand
  world.kivi.clock('2026-06-01T06:00:50Z')
})
afterAll(() => world?.kivi.close())

const ask = async (key: string, path: string) => {
  const { status, body, text } = await world.ask(key, `/prometheus/api/v1/${path}`)
  expect(status, text).toBe(200)
  return body.data
}

it('the total of a key for the north is that of the north, and so are all labels', async () => {
  const total = async (key: string) => (await ask(key, 'query?query=kivi_turnover')).result[0].value[1]
  expect(await total(all)).toBe('89011')
  expect(await total(secret)).toBe('123')
  expect(await ask(secret, 'label/region/values')).toEqual(['north'])
  expect(await ask(all, 'label/region/values')).toEqual(['north', 'south'])
  const everything = encodeURIComponent('{__name__=~".+",region=~".*"}')
  expect(JSON.stringify(await ask(secret, `query?query=${everything}`))).not.toMatch(/south|88888|77777/)
})

it('names what the key cannot see nowhere', async () => {
  for (const path of [
    'label/__name__/values',
    'metadata',
    `series?match[]=${encodeURIComponent('{__name__=~".+"}')}`,
  ]) {
    expect(JSON.stringify(await ask(all, path)), path).toContain('kivi_support_cost')
    const seen = JSON.stringify(await ask(secret, path))
    expect(seen, path).toContain('kivi_turnover')
    expect(seen, path).not.toContain('kivi_support_cost')
  }
  const { text } = await world.ask(secret, '/metrics/indicators')
  expect(text).toContain('kivi_turnover 123\n')
  expect(text).not.toMatch(/support|77777|89011|70001/)
})
