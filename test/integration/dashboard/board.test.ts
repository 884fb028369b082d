import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard()
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

test('the board in every language, theme and size', async () => {
  await look(dashboard, { name: 'board', path: '/', ready: '.card' })
})

test('a page that is not there', async () => {
  await using opened = await dashboard.open('/')
  await settled(opened.page)
  expect(opened.faults).toEqual([])
})
