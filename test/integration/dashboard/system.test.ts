import { createBatchStore } from '@kivi/clickhouse'
import { KiviError, type LogWatch } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

const TOPIC = 'kivi.events'
let dashboard: Dashboard
let ends: LogWatch['ends'] = async () => new Map()
let letters: LogWatch['deadLetters'] = async () => ({ reasons: [], isCut: false, newest: [] })

beforeAll(async () => {
  const log: LogWatch = { ends: () => ends(), deadLetters: since => letters(since) }
  dashboard = await openDashboard({ days: 2, deps: { log } })
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

const count = (value: number) => new Intl.NumberFormat('en').format(value)

/** Answers are kept for two seconds by the service's clock. */
let clock = NOW
function later(ms = 3_000) {
  clock += ms
  dashboard.shop.clock(clock)
}

/** The answer in which a source was reached in time, whatever else the machine does. */
async function answered() {
  for (;;) {
    const told = await dashboard.shop.get('/v1/system')
    if (told.partitions !== null && told.last_day !== null && told.derived_tables !== null) return told
    later()
  }
}

/** A second partition, which waits. */
const stands = () =>
  createBatchStore(dashboard.shop.clickhouse).storeProgress([
    {
      topic: TOPIC,
      partition: 1,
      position: 1_200,
      high: 1_500,
      watermark: clock - 540_000,
      idleSince: null,
      at: clock - 1_000,
      worker: 'worker-2',
    },
  ])

test('where all is well it says so, and up to when is counted', async () => {
  const told = await answered()
  expect(told.partitions.length).toBe(1)
  await using opened = await dashboard.open('/system')
  const { page, faults } = opened
  await settled(page, '[data-part=partitions] tbody tr')
  expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('well')
  expect(await page.locator('[data-fact=ledger] .figure').innerText()).toBe(count(told.last_day.records))
  expect(await page.locator('[data-version=clickhouse] dd').innerText()).toBe(told.versions.clickhouse)
  for (const table of told.derived_tables)
    expect(await page.locator(`[data-derived=${table.table}]`).innerText()).toContain(table.ready ? 'ready' : 'not')
  expect(faults).toEqual([])
})

test('a partition that lags and dead letters are told with what helps, in every language, theme and size', async () => {
  await stands()
  ends = async () => new Map([[1, 4_321]])
  const newest = [
    { id: `${TOPIC}/1/17`, reason: 'missing_field', detail: 'amount is missing in a purchase', filedAt: NOW - 61_000 },
    { id: `${TOPIC}/0/3`, reason: 'a_later_one', detail: 'of a later Kivi', filedAt: NOW - 62_000 },
  ]
  const reasons = [
    { reason: 'missing_field', letters: 1_234 },
    { reason: 'a_later_one', letters: 1 },
  ]
  letters = async () => ({ reasons, isCut: true, newest })
  later()
  const told = await answered()
  const slow = told.partitions.find((one: { partition: number }) => one.partition === 1)
  expect([slow.lag, slow.end_from]).toEqual([3_121, 'log'])
  await look(dashboard, {
    name: 'system',
    path: '/system',
    ready: '[data-reason=missing_field]',
    check: async (page, language) => {
      expect(await page.locator('[data-verdict]').getAttribute('data-verdict')).toBe('bad')
      expect(await page.locator('[data-finding]').first().getAttribute('data-finding')).toBe('behind')
      const row = page.locator('[data-partition="1"]')
      expect(await row.getAttribute('data-state')).toBe('behind')
      const cells = await row.locator('td').allInnerTexts()
      expect(cells.slice(3, 5)).toEqual([count(slow.lag), count(slow.position)])
      expect(cells[5]).toBe(count(slow.end))
      const minutes = (Date.parse(told.at) - Date.parse(slow.watermark)) / 60_000
      const age = new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(minutes)
      expect(cells[1]).toBe(language === 'en' ? `${age} minutes ago` : `${age}分钟前`)
      const waiting = told.partitions.reduce((sum: number, one: { lag: number }) => sum + one.lag, 0)
      expect(await page.locator('[data-fact=waiting] .figure').innerText()).toBe(count(waiting))
      expect(await page.locator('[data-fact=letters] .figure').innerText()).toBe('1,235+')
      expect(await page.locator('[data-reason=missing_field] td').first().innerText()).toBe('1,234')
      expect(await page.locator(`[data-letter="${TOPIC}/1/17"]`).innerText()).toContain('amount is missing')
    },
  })
})

test('a worker that is not heard of is worse, and what cannot be asked is told in its own words', async () => {
  ends = () => Promise.reject(new KiviError('log_unreachable', 'the brokers do not answer'))
  letters = () => Promise.reject(new KiviError('log_unreachable', 'the brokers do not answer'))
  later(300_000)
  await answered()
  await using opened = await dashboard.open('/system', { language: 'zh' })
  const { page, faults } = opened
  await settled(page, '[data-partition="1"]')
  expect(await page.locator('[data-partition="1"]').getAttribute('data-state')).toBe('unheard')
  expect(await page.locator('[data-missing=dead_letters]').innerText()).toBe('死信: the brokers do not answer')
  expect(await page.locator('[data-part=letters]').count()).toBe(0)
  expect(await page.locator('[data-fact=letters] .figure').innerText()).toBe('未知')
  expect(faults).toEqual([])
})
