/** The frame of all pages, and keys: asked for where they are needed, kept as long as wished, and forgotten. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe, type Dashboard, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

let dashboard: Dashboard
let key: string
beforeAll(async () => {
  dashboard = await openDashboard({ keys: true, days: 2 })
  key = await dashboard.shop.key(['read'])
  // keys are read anew after a second
  dashboard.shop.clock(NOW + 2_000)
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

const REFUSED = /401|403/

test('a Kivi with keys asks for one, tells of a wrong one, and opens with a right one', async () => {
  await using opened = await dashboard.open('/', { expected: REFUSED })
  const { page, faults } = opened
  const dialog = page.getByRole('dialog', { name: 'Kivi asks for an access key' })
  await dialog.waitFor()
  expect(await dialog.textContent()).toContain('kivi keys create NAME --role read')
  expect(await axe(page)).toEqual([])
  await page.keyboard.type('kivi_wrong')
  await page.keyboard.press('Enter')
  await dialog.getByText('revoked').waitFor()
  await dialog.getByLabel('Access key', { exact: true }).fill(key)
  await page.keyboard.press('Enter')
  await page.locator('.card').first().waitFor()
  await expect.poll(() => dialog.isVisible()).toBe(false)
  await page.locator('.freshness[data-state=live]').waitFor()

  await page.reload()
  await page.locator('.card').first().waitFor()
  await page.locator('[data-forget]').click()
  await dialog.waitFor()
  await expect.poll(() => page.locator('.card').count()).toBe(0)
  expect(faults).toEqual([])
})

test('a key is kept on the device only when that was asked for', async () => {
  await using opened = await dashboard.open('/', { expected: REFUSED })
  const { page } = opened
  const kept = () => page.evaluate<string[]>('[localStorage.getItem("kivi.key"), sessionStorage.getItem("kivi.key")]')
  await page.getByRole('dialog').getByLabel('Access key', { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Open' }).click()
  await page.locator('.card').first().waitFor()
  await expect.poll(kept).toEqual([null, key])
  await page.locator('[data-forget]').click()
  await page.getByRole('dialog').getByLabel('Access key', { exact: true }).fill(key)
  await page.getByLabel('Keep it on this device').check()
  await page.getByRole('button', { name: 'Open' }).click()
  await page.locator('.card').first().waitFor()
  await expect.poll(kept).toEqual([key, null])
  const second = await page.context().newPage()
  await second.goto(dashboard.shop.url)
  await second.locator('.card').first().waitFor()
})

test('a key that may not read is told so in the words of Kivi', async () => {
  const ingest = await dashboard.shop.key(['ingest'])
  dashboard.shop.clock(NOW + 10_000)
  await using opened = await dashboard.open('/', { key: ingest, expected: REFUSED })
  const problem = opened.page.locator('.problem[data-code=key_lacks_role]')
  await problem.waitFor()
  expect(await problem.textContent()).toContain('has the role ingest')
})

test('each page names its window, and the keyboard goes to its heading', async () => {
  await using opened = await dashboard.open('/', { key })
  const { page, faults } = opened
  await settled(page, '.card')
  await expect.poll(() => page.title()).toBe('Board · Kivi')
  await page.keyboard.press('Tab')
  await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('skip')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content')
  await page.getByRole('navigation').getByRole('link', { name: 'Hierarchy' }).click()
  await expect.poll(() => page.title()).toMatch(/^Hierarchy/)
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
  await page.goBack()
  await expect.poll(() => page.title()).toBe('Board · Kivi')
  expect(faults).toEqual([])
})

test('language and appearance are remembered', async () => {
  await using opened = await dashboard.open('/', { key })
  const { page, faults } = opened
  await settled(page, '.card')
  await page.click('[data-language=zh]')
  await page.selectOption('header select', 'dark')
  await page.reload()
  await settled(page, '.card')
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark')
  expect(await page.textContent('h1')).toBe('看板')
  expect(faults).toEqual([])
})

test('a phone shows where one can go on demand', async () => {
  await using opened = await dashboard.open('/', { key, screen: 'phone' })
  const { page, faults } = opened
  await settled(page, '.card')
  const pages = page.getByRole('navigation')
  expect(await pages.isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Menu', expanded: false }).click()
  await page.getByRole('button', { name: 'Menu', expanded: true }).waitFor()
  expect(await axe(page)).toEqual([])
  await pages.getByRole('link', { name: 'Hierarchy' }).click()
  await page.getByRole('button', { name: 'Menu', expanded: false }).waitFor()
  expect(faults).toEqual([])
})

test('code of a page that does not come is told, and another page still opens', async () => {
  await using opened = await dashboard.open('/', { key, expected: /Failed to|import|ERR_/ })
  const { page, faults } = opened
  await settled(page, '.card')
  await page.route('**/assets/retention*.js', route => route.abort())
  await page.getByRole('navigation').getByRole('link', { name: 'Retention' }).click()
  await page.getByRole('button', { name: 'Load anew' }).waitFor()
  await page.getByRole('navigation').getByRole('link', { name: 'Board' }).click()
  await page.locator('.card').first().waitFor()
  expect(faults).toEqual([])
})

test('an address that is no page leads to the board', async () => {
  await using opened = await dashboard.open('/', { key })
  const { page, faults } = opened
  await settled(page, '.card')
  await page.evaluate('history.pushState(null, "", "/nowhere")')
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'To the board' }).click()
  await page.locator('.card').first().waitFor()
  expect(faults).toEqual([])
})
