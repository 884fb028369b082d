import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
