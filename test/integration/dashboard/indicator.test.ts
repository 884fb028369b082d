/** The page of an indicator with four weeks of a shop behind it: what it shows is what the API answers. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString()

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard()
  const act = (rest: object) =>
    dashboard.shop.send('POST', '/v1/actions', { indicators: ['ctr'], owner: 'growth', ...rest })
  await act({ label: 'Photographs instead of drawings', at: iso(NOW - 12 * DAY) })
  await act({
    label: 'Free delivery',
    at: iso(NOW - 5 * DAY),
    until: iso(NOW - 3 * DAY),
    indicators: ['ctr', 'purchases'],
  })
  await act({ label: 'Spring campaign', at: iso(NOW + 20 * DAY), status: 'planned' })
}, 300_000)
afterAll(() => dashboard?.[Symbol.asyncDispose]())

const READY = '.chart canvas'
const drawn = (page: Page) => settled(page, READY)
const percent = (value: number) =>
  new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 }).format(value)
const texts = (page: Page, selector: string) => page.locator(selector).allTextContents()
/** The picture of the chart as numbers, to tell whether it changed. */
const picture = (page: Page) => page.evaluate<string>(`document.querySelector('${READY}').toDataURL()`)

test('the page in every language, theme and size', { timeout: 180_000 }, async () => {
  await look(dashboard, { name: 'indicator', path: '/indicators/ctr?second=visitors', ready: READY })
})

test('value, change, target, interval and status are the API’s', async () => {
  const value = await dashboard.shop.get('/v1/indicators/ctr/value?compare=previous')
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await drawn(page)
  const standing = (await page.locator('.standing').textContent()) ?? ''
  expect(await page.locator('.standing .value').textContent()).toBe(percent(value.value))
  expect(standing).toContain(`≥ ${percent(value.target)}`)
  expect(standing).toContain(`was ${percent(value.previous.value)}`)
  expect(standing).toContain(`${percent(value.interval[0])} – ${percent(value.interval[1])}`)
  expect(standing).toContain(`n = ${value.n.toLocaleString('en')}`)
  expect(await page.locator('.indicator-head .status').getAttribute('class')).toContain(value.status)
  expect(faults).toEqual([])
})

test('the table beside the chart has every point of the series, and the CSV is the API’s', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  const answered = page.waitForResponse(response => /\/series\?from=.*&step=day$/.test(response.url()))
  const series = (await (await answered).json()).series[0].points
  await drawn(page)
  await page.click('.chart-foot summary')
  const cells = await texts(page, '.chart-foot .wide tbody td:nth-child(2)')
  const known = series.slice(series.findIndex((point: { n: number }) => point.n > 0))
  expect(cells).toEqual(
    known.map((point: { value: number | null }) => (point.value === null ? 'no value' : percent(point.value))),
  )
  expect(cells.length).toBeGreaterThan(25)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.chart-foot button')])
  expect(download.suggestedFilename()).toBe('ctr.csv')
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(series.length + 1)
  expect(faults).toEqual([])
})

test('points are read by keyboard, each in words', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page } = opened
  await drawn(page)
  const slider = page.getByRole('slider')
  const told = () => slider.getAttribute('aria-valuetext')
  await page.keyboard.press('Tab')
  await slider.focus()
  await expect.poll(told).toMatch(/Click-through rate .*%; Target .*not over yet/)
  const last = await told()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(told).not.toBe(last)
  await expect.poll(() => page.locator('.chart-tip').textContent()).toContain('Click-through rate')
  await page.keyboard.press('Home')
  await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('0')
  await page.keyboard.press('End')
  await expect.poll(told).toBe(last)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.chart-tip').count()).toBe(0)
  // the actions beside it are reached too, and stand out on the chart
  const before = await picture(page)
  await page.locator('.mark-list button').first().focus()
  await page.locator('.mark-flag.chosen').waitFor()
  await expect.poll(() => picture(page)).not.toBe(before)
  expect(await texts(page, '.mark-list button')).toHaveLength(3)
})

test('a chart is drawn in a browser of a system that has no language', async () => {
  const context = await dashboard.browser.newContext()
  await context.addInitScript("Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })")
  const page = await context.newPage()
  await page.goto(new URL('/indicators/ctr', dashboard.shop.url).href)
  await drawn(page)
  expect(await page.locator('h1').innerText()).toBe('Click-through rate')
  await context.close()
})

test('a second indicator is found by its name, drawn on its own axis, and correlated', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await drawn(page)
  const before = await picture(page)
  await page.getByRole('combobox', { name: 'Second indicator' }).focus()
  await page.keyboard.type('dau')
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.legend .swatch.second').waitFor()
  await drawn(page)
  expect(new URL(page.url()).searchParams.get('second')).toBe('dau')
  expect(await picture(page)).not.toBe(before)
  const correlation = await dashboard.shop.get('/v1/correlations?x=ctr&y=dau')
  expect(correlation.reason).toBe('too_few')
  await page.getByText(`${correlation.n} have both values`).waitFor()
  expect(faults).toEqual([])
})

test('segments are the API’s, what moved most first; choosing one shows the page for it', async () => {
  const { groups } = await dashboard.shop.get('/v1/indicators/ctr/value?compare=previous&by=campaign')
  const { value: part } = await dashboard.shop.get(
    `/v1/indicators/ctr/value?filter=campaign:${encodeURIComponent(groups[0].by.campaign)}`,
  )
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await drawn(page)
  await page.locator('tr[data-segment] button').first().waitFor()
  const rows = await page.$$eval('tr[data-segment]:has(button)', found =>
    found.map(row => [row.getAttribute('data-segment'), row.querySelector('.value')?.textContent]),
  )
  const moved = (group: { previous: { change: number | null } }) => Math.abs(group.previous.change ?? Infinity)
  const expected = groups
    .toSorted((a: never, b: never) => moved(b) - moved(a))
    .map((group: { by: { campaign: string }; value: number }) => [group.by.campaign, percent(group.value)])
  expect(rows).toEqual(expected)
  await page.click(`tr[data-segment="${groups[0].by.campaign}"] button`)
  await page.locator('.parts li').waitFor()
  await page
    .locator('.standing .value')
    .filter({ hasText: percent(part) })
    .waitFor()
  expect(new URL(page.url()).searchParams.getAll('filter')).toEqual([`campaign:${groups[0].by.campaign}`])
  await page.goBack()
  await page.locator('.parts').waitFor({ state: 'detached' })
  expect(faults).toEqual([])
})

test('why it moved adds up to the change, and children are told with what drags', async () => {
  const drivers = await dashboard.shop.get('/v1/drivers/net_revenue?by=channel')
  await using opened = await dashboard.open('/indicators/net_revenue')
  const { page, faults } = opened
  await page.selectOption('#driver-by', 'channel')
  await page.locator('.drivers th', { hasText: 'channel' }).waitFor()
  await settled(page, '.drivers')
  const items: ReadonlyArray<{ value: string; total: number }> = drivers.segments[0].items
  expect(await texts(page, '.drivers tbody th')).toEqual(items.slice(0, 8).map(item => item.value || '(none)'))
  expect(items.reduce((sum, item) => sum + item.total, 0)).toBeCloseTo(drivers.change, 6)
  expect(await page.locator('.pull-bar').count()).toBe(Math.min(8, items.length))
  const children = await page.$$eval('tr[data-child]', rows => rows.map(row => row.getAttribute('data-child')))
  expect(children.length).toBe(Math.min(10, drivers.children.length))
  expect(children[0]).toBe(drivers.drag.id)
  expect(faults).toEqual([])
})

test('window and comparison stand in the address, and the chart follows them', async () => {
  await using opened = await dashboard.open('/indicators/purchases?window=7d&compare=week')
  const { page, faults } = opened
  await drawn(page)
  const week = await dashboard.shop.get('/v1/indicators/purchases/value?window=7d&compare=week')
  expect(await page.locator('.standing .value').textContent()).toBe(week.value.toLocaleString('en'))
  await page.selectOption('#window', 'month')
  const month = await dashboard.shop.get('/v1/indicators/purchases/value?period=month')
  await page
    .locator('.standing .value')
    .filter({ hasText: month.value.toLocaleString('en') })
    .waitFor()
  await page.click('[data-chart=window]')
  await page.selectOption('#window', 'custom')
  await page.fill('#custom-from', '2026-03-09T00:00')
  await page.fill('#custom-to', '2026-03-08T00:00')
  await page.click('.custom-window button')
  expect(await page.locator('#custom-wrong').textContent()).toContain('not after')
  await page.fill('#custom-to', '2026-03-10T00:00')
  await page.click('.custom-window button')
  const chosen = await dashboard.shop.get(
    '/v1/indicators/purchases/value?from=2026-03-09T00:00:00Z&to=2026-03-10T00:00:00Z',
  )
  await page
    .locator('.standing .value')
    .filter({ hasText: chosen.value.toLocaleString('en') })
    .waitFor()
  await drawn(page)
  expect(faults).toEqual([])
})

test('the chart is drawn anew in the colours of another theme, and in another size', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await drawn(page)
  const light = await picture(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await drawn(page)
  expect(await picture(page)).not.toBe(light)
  const width = () => page.evaluate<number>(`document.querySelector('${READY}').clientWidth`)
  const wide = await width()
  await page.setViewportSize({ width: 600, height: 800 })
  await page.waitForFunction(`document.querySelector('${READY}').clientWidth < ${wide}`)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(faults).toEqual([])
})

test('a hundred thousand points, gaps, provisional and revised ones are drawn in a moment', async () => {
  const points = Array.from({ length: 100_000 }, (_, index) => ({
    t: iso(NOW - (100_000 - index) * 60_000),
    value: index % 5000 < 100 ? null : Math.sin(index / 900) + 2,
    n: 1,
    interval: index % 3 === 0 ? null : [1, 3],
    target: 2 + Math.floor(index / 30_000) / 10,
    complete: index < 99_900,
    provisional: index > 95_000,
    revised: index % 7 === 0,
  }))
  await using opened = await dashboard.open('/')
  const { page, faults } = opened
  await page.route(/\/series\?/, route =>
    route.fulfill({
      json: {
        indicator: 'ctr',
        from: points[0]?.t,
        to: iso(NOW),
        step: '1m',
        unit: 'percent',
        rolling: null,
        watermark: null,
        series: [{ by: {}, points }],
      },
    }),
  )
  await page.goto(new URL('/indicators/ctr?compare=none', dashboard.shop.url).href)
  await drawn(page)
  const legend = (await page.locator('.legend').textContent()) ?? ''
  for (const word of ['not complete yet', 'may still change', 'revised', '95 % interval'])
    expect(legend).toContain(word)
  // a new picture for each move of the cursor would stop the page
  await page.getByRole('slider').focus()
  const begun = performance.now()
  for (let moves = 0; moves < 20; moves++) await page.keyboard.press('ArrowLeft')
  expect(performance.now() - begun).toBeLessThan(10_000)
  await expect.poll(() => page.getByRole('slider').getAttribute('aria-valuenow')).not.toBe('99999')
  expect(faults).toEqual([])
})

test('an outage keeps what is known on the page, marked as old, and it goes on by itself', async () => {
  await using opened = await dashboard.open('/indicators/ctr', { expected: /Failed to load/ })
  const { page, faults } = opened
  await drawn(page)
  const value = await page.locator('.standing .value').textContent()
  await page.route('**/v1/**', route => route.abort())
  await page.locator('.stale .standing').waitFor()
  expect(await page.locator('.standing .value').textContent()).toBe(value)
  await page.unroute('**/v1/**')
  await page.locator('.stale .standing').waitFor({ state: 'detached' })
  expect(faults).toEqual([])
})

test('an indicator that is not there is said to be not there, and what is refused says why', async () => {
  await using opened = await dashboard.open('/indicators/nothing', { expected: /404/ })
  await opened.page.locator('.problem[data-code=unknown_indicator]').waitFor()
  expect(opened.faults).toEqual([])
  await using refused = await dashboard.open('/indicators/ctr?window=soon', { expected: /400/ })
  await refused.page.locator('.problem[data-code=invalid_parameter]').waitFor()
  expect(await refused.page.locator('h1').textContent()).toBe('Click-through rate')
  expect(refused.faults).toEqual([])
})
