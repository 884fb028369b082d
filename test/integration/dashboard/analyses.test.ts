import { createAlertHistoryStore } from '@kivi/clickhouse'
import type { DigestAnswer, DigestIndicator, DigestsAnswer } from '@kivi/domain'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firing } from '../../support/alert-log.ts'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard()
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

/** Texts of the cells of a row, its head first. */
const cells = async (page: Page, row: string) =>
  (await page.locator(`${row} > :is(th, td)`).allInnerTexts()).map(text => text.trim())

const count = (value: number) => new Intl.NumberFormat('en').format(value)
const share = (value: number) =>
  new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }).format(value)

test('a funnel tells where persons are lost and which step to improve first', async () => {
  const told = await dashboard.shop.get('/v1/funnels/visit_to_order?window=30d&by=channel')
  const weakest = told.steps.find((step: { first_to_improve: boolean }) => step.first_to_improve)
  expect(told.steps[0].persons).toBeGreaterThan(100)
  expect(weakest).toBeDefined()
  await look(dashboard, {
    name: 'funnel',
    path: '/funnels/visit_to_order?by=channel',
    ready: '[data-step=order]',
    check: async page => {
      for (const [index, step] of told.steps.entries()) {
        const shown = await cells(page, `[data-step=${step.name}]`)
        expect(shown[2]).toBe(count(step.persons))
        expect(shown[3]).toBe(share(step.overall))
        expect(shown[5]).toBe(index === 0 ? '–' : count(step.lost))
      }
      expect(await page.locator('tr.first').getAttribute('data-step')).toBe(weakest.name)
      for (const group of told.groups)
        expect((await cells(page, `[data-group=${group.by.channel}]`))[1]).toBe(count(group.steps[0].persons))
    },
  })
})

test('another funnel is chosen by its name, and has its own address', async () => {
  await using opened = await dashboard.open('/funnels')
  const { page, faults } = opened
  await settled(page, '[data-step]')
  await page.getByRole('combobox', { name: 'Funnel' }).selectOption('visit_to_order')
  await settled(page, '[data-step=visit]')
  expect(new URL(page.url()).pathname).toBe('/funnels/visit_to_order')
  expect(await page.locator('h1').innerText()).toBe('From visit to order')
  expect(faults).toEqual([])
})

test('the triangle tells how many of each cohort came back, and marks what is not over', async () => {
  const told = await dashboard.shop.get('/v1/cohorts/retention?first=active&again=active&period=week&rule=on')
  const cohorts = told.cohorts.filter((cohort: { persons: number }) => cohort.persons > 0)
  expect(cohorts.length).toBeGreaterThan(3)
  await look(dashboard, {
    name: 'retention',
    path: '/retention?way=activity&period=week',
    ready: '.triangle',
    check: async page => {
      for (const cohort of cohorts) {
        const row = `[data-cohort="${cohort.from}"]`
        const shown = await cells(page, row)
        expect(shown[1]).toBe(count(cohort.persons))
        for (const [later, cell] of cohort.cells.entries()) {
          if (cell === null) continue
          expect(shown[2 + later]).toContain(share(cell.rate))
          const running = page.locator(`${row} td:nth-of-type(${2 + later})`)
          expect(await running.getAttribute('class')).toBe(cell.partial ? 'cell running' : 'cell')
        }
      }
      const all = await cells(page, '[data-cohort=all]')
      expect(all[2]).toContain(share(told.pooled[1].rate))
    },
  })
})

test('customers by value and why some left', async () => {
  const worth = await dashboard.shop.get('/v1/segments/value?window=7d&method=quantiles')
  const reasons = await dashboard.shop.get('/v1/churn-reasons?window=7d')
  expect(worth.total.persons).toBeGreaterThan(10)
  await look(dashboard, {
    name: 'customers',
    path: '/segments?window=7d&method=quantiles',
    ready: '[data-segment=total]',
    check: async page => {
      for (const one of worth.segments)
        expect((await cells(page, `[data-segment=${one.segment}]`))[1]).toBe(count(one.persons))
      expect((await cells(page, '[data-segment=total]'))[1]).toBe(count(worth.total.persons))
      for (const topic of reasons.topics)
        expect((await cells(page, `[data-topic="${topic.topic}"]`))[1]).toBe(share(topic.share_of_churned))
      const spoke = await page.locator('[data-part=reasons] p.quiet').first().innerText()
      expect(spoke).toContain(count(reasons.churned.persons))
    },
  })
})

test('the hierarchy tells how the parts of an indicator stand, and finds one wherever it is', async () => {
  const told = await dashboard.shop.get('/v1/drivers/ctr')
  const { items } = await dashboard.shop.get('/v1/indicators?limit=500')
  const drilled = items.find((item: { id: string }) => item.id === told.children[0].id)
  await look(dashboard, {
    name: 'hierarchy',
    path: '/hierarchy?window=7d',
    ready: '[data-indicator=ctr] .numbers',
    screens: ['desk', 'phone'],
  })
  await using opened = await dashboard.open('/hierarchy')
  const { page, faults } = opened
  await settled(page, '[data-indicator=ctr]')
  expect(await page.locator(`[data-indicator=${drilled.id}]`).count()).toBe(0)
  await page.getByLabel('Find an indicator').fill(drilled.label.en)
  const numbers = page.locator(`[data-indicator=${drilled.id}] .row.sought .numbers`)
  await numbers.waitFor()
  expect(await numbers.innerText()).not.toBe('')
  expect(faults).toEqual([])
})

test('what a table shows can be saved as a file', async () => {
  await using opened = await dashboard.open('/funnels/visit_to_order')
  const { page } = opened
  await settled(page, '[data-step=order]')
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  expect(saved.suggestedFilename()).toBe('funnel-visit_to_order.csv')
})

/** As the page tells a value, from the rules in docs: digits by size, money in the catalog's currency. */
function shown(value: number, unit: string): string {
  if (unit === 'percent')
    return new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 }).format(value)
  const large = Math.abs(value) >= 1000
  if (unit === 'money') {
    const digits = large ? 0 : 2
    const fractions = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    return new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR', ...fractions }).format(value)
  }
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: large ? 0 : 2 }).format(value)
  return ['count', 'number', 'score'].includes(unit) ? number : `${number} ${unit === 'seconds' ? 's' : unit}`
}

/** What the row of an indicator has to say, column by column; what is not told is not there. */
const rowOf = ({ value, unit, previous, target, better, attainment }: DigestIndicator) => ({
  value: value === null ? null : shown(value, unit),
  change:
    value === null || previous?.change == null
      ? null
      : new Intl.NumberFormat('en', {
          style: 'percent',
          maximumFractionDigits: Math.abs(previous.change) < 0.1 ? 1 : 0,
          signDisplay: 'exceptZero',
        }).format(previous.change),
  target: target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${shown(target, unit)}`,
  attained:
    attainment === null
      ? ''
      : new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 }).format(attainment),
})

const WEEK = '2026-03-02'
const FIRED = Date.parse('2026-03-05T10:00:00Z')

test('a report is the API’s: each number, what moved, what was done and what fired', async () => {
  const { shop } = dashboard
  await shop.send('POST', '/v1/actions', {
    label: 'Free delivery from €40',
    at: '2026-03-03T08:00:00Z',
    indicators: ['net_revenue', 'purchases'],
  })
  const alert = firing('CtrDropped', { campaign: 'summer-sale', indicator: 'ctr' }, { by: ['campaign'], now: FIRED })
  const base = { alert: alert.id, rule: alert.rule, labels: alert.labels, startsAt: FIRED, target: 0.02 }
  const [fired, ended] = [FIRED, FIRED + 5_400_000].map(at => ({ ...base, at, instant: at }))
  await createAlertHistoryStore(shop.clickhouse).write([
    { offset: 1, index: 0, fact: { ...fired, fact: 'firing', value: 0.015, reason: null } as never },
    { offset: 2, index: 0, fact: { ...ended, fact: 'resolved', value: 0.025, reason: 'condition' } as never },
  ])
  const told: DigestAnswer = await shop.get(`/v1/digests/weekly_review?period=${WEEK}`)
  expect(told.indicators.length).toBeGreaterThan(10)
  expect(told.alerts).toMatchObject({ fired: 1, resolved: 1, items: [{ alert: 'CtrDropped' }] })
  await look(dashboard, {
    name: 'digest',
    path: `/digests/weekly_review?period=${WEEK}`,
    ready: '[data-part=indicators] tbody tr',
    check: async (page, language) => {
      const title = await page.locator('h1').innerText()
      expect(title).toBe(told.title[language])
      const rows = page.locator('[data-part=indicators] tbody tr')
      const ids = await Promise.all((await rows.all()).map(row => row.getAttribute('data-indicator')))
      expect(ids).toEqual(told.indicators.map(({ id }) => id))
      for (const indicator of told.indicators) {
        const row = page.locator(`[data-indicator=${indicator.id}]`)
        expect(await row.locator('.status').getAttribute('class')).toBe(`status ${indicator.status}`)
        expect(await row.locator('a').innerText()).toBe(indicator.label[language])
        if (language !== 'en') continue
        const [, value, change, target, attained] = await cells(page, `[data-indicator=${indicator.id}]`)
        const expected = rowOf(indicator)
        if (expected.value !== null) expect(value?.split(/\s[↗↘→]/)[0], indicator.id).toBe(expected.value)
        if (expected.change !== null) expect(change, indicator.id).toBe(expected.change)
        expect([target, attained], indicator.id).toEqual([expected.target, expected.attained])
      }
      for (const [status, count] of Object.entries(told.statuses)) {
        const counted = page.locator(`.statuses li:has(.${status})`)
        expect(await counted.count()).toBe(count > 0 ? 1 : 0)
        if (count > 0) expect(await counted.getAttribute('data-count')).toBe(String(count))
      }
      for (const { id, groups } of told.indicators) {
        const parts = await page.locator(`[data-movers=${id}] [data-group]`).all()
        const names = await Promise.all(parts.map(part => part.getAttribute('data-group')))
        expect(names).toEqual(groups?.items.map(({ group }) => group) ?? [])
      }
      for (const { id, label, effects } of told.actions) {
        const done = page.locator(`[data-action="${id}"]`)
        expect(await done.innerText()).toContain(label)
        expect(await done.locator('[data-effect]').count()).toBe(effects.length)
      }
      expect(await page.locator('[data-part=alerts] [data-alert]').count()).toBe(told.alerts.items.length)
    },
  })
})

test('digests are chosen in a list, and periods walked; one that is not over says so', async () => {
  const { items }: DigestsAnswer = await dashboard.shop.get('/v1/digests')
  await look(dashboard, {
    name: 'digests',
    path: '/digests',
    ready: '[data-digest]',
    screens: ['phone'],
    check: async page => {
      const cards = await page.locator('[data-digest]').all()
      const listed = cards.map(async card => [
        await card.getAttribute('data-digest'),
        await card.locator('[data-latest]').getAttribute('data-latest'),
      ])
      expect(await Promise.all(listed)).toEqual(items.map(({ digest, latest }) => [digest, latest.name]))
    },
  })
  await using opened = await dashboard.open('/digests')
  const { page, faults } = opened
  await page.locator('[data-digest=weekly_review] [data-latest]').click()
  const period = (name: string) => page.locator(`[data-period="${name}"]`)
  await period(WEEK).waitFor()
  expect(await page.getByRole('link', { name: 'Digests' }).first().getAttribute('aria-current')).toBe('true')
  await page.locator('[data-before]').click()
  await period('2026-02-23').waitFor()
  await page.getByLabel('With this day in it').fill('2026-03-10')
  await period('2026-03-09').waitFor()
  await page.locator('[data-doubt=running]').waitFor()
  expect(await page.locator('[data-after]').count()).toBe(0)
  await page.getByRole('combobox', { name: 'Digest' }).selectOption('service_today')
  await page.locator('[data-indicator=csat]').waitFor()
  expect(new URL(page.url()).pathname).toBe('/digests/service_today')
  expect(faults).toEqual([])
})

test('on paper a report is whole, dark on white and without what can be pressed; its other forms are the API’s', async () => {
  await using opened = await dashboard.open(`/digests/weekly_review?period=${WEEK}`, { theme: 'dark' })
  const { page, faults } = opened
  await settled(page, '[data-part=indicators] tbody tr')
  for (const [form, start] of [
    ['markdown', '# Weekly review'],
    ['html', '<!doctype html>'],
  ]) {
    const address = await page.locator(`[data-form=${form}]`).getAttribute('href')
    const text = await (await fetch(new URL(address as string, dashboard.shop.url))).text()
    expect(text.trimStart().toLowerCase().slice(0, start?.length)).toBe(start?.toLowerCase())
  }
  await page.emulateMedia({ media: 'print' })
  // a sheet of A4 between margins of 1 cm
  await page.setViewportSize({ width: 718, height: 1047 })
  expect(await page.evaluate('looking.layout()')).toEqual([])
  expect(await page.locator('button:visible, select:visible, input:visible, nav a:visible').count()).toBe(0)
  const ink = await page.evaluate<string>('getComputedStyle(document.querySelector("h1")).color')
  const light = (ink.match(/\d+/g) ?? []).slice(0, 3).map(Number)
  expect(Math.max(...light)).toBeLessThan(80)
  const wide = await page.evaluate<number[]>(
    '[...document.querySelectorAll(".wide")].map(one => one.scrollWidth - one.clientWidth)',
  )
  expect(Math.max(...wide)).toBeLessThanOrEqual(1)
  expect(faults).toEqual([])
})
