import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlertLog, openAlertLog } from '../../support/alert-log.ts'
import { launchBrowser, SCREENSHOTS } from './browser.ts'
import { catalogOf, createQueryFixture, type Fields, HOUR, type QueryFixture } from './fixture.ts'

const NOW = Date.parse('2026-03-10T12:00:40Z')

let kivi: QueryFixture
let alerts: AlertLog
let browser: Browser
let url: string

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': `
timezone: Europe/Berlin
currency: EUR
fiscal_year_start: 01-01
board: [revenue, ctr, purchases, visitors, refunds, feedback_score]
north_star: [{ indicators: [revenue], from: 2026-01-01, reason: it pays for all else, set_by: board }]
`,
    'measures.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  purchase_count: { event: purchase, agg: count, dimensions: [] }
  revenue_sum: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [] }
  visitor_count: { event: page_view, agg: count_distinct, distinct: person, dimensions: [] }
  refund_sum: { event: refund, agg: sum, expr: amount, unit: money, dimensions: [] }
  score: { event: survey, agg: mean, expr: score, dimensions: [] }
indicators:
  revenue:
    { label: { en: Revenue, zh: 销售额 }, type: simple, measure: revenue_sum, unit: money, better: higher, owner: sales,
      targets: [{ value: 9000, from: 2026-01-01, per: day, reason: plan }] }
  ctr:
    { label: { en: Click-through rate, zh: 点击率 }, type: ratio, numerator: clicks, denominator: impressions,
      unit: percent, better: higher, owner: growth, targets: [{ value: 0.02, from: 2026-01-01, reason: plan }] }
  purchases: { label: { en: Purchases, zh: 订单行 }, type: simple, measure: purchase_count, better: higher }
  visitors:
    { label: { en: Visitors, zh: 访客 }, type: simple, measure: visitor_count, better: higher,
      targets: [{ value: 42, from: 2026-01-01, per: day, reason: plan }] }
  refunds:
    { label: { en: Refunds, zh: 退款 }, type: simple, measure: refund_sum, unit: money, better: lower,
      targets: [{ value: 100, from: 2026-01-01, per: day, reason: plan }] }
  feedback_score: { label: { en: Feedback, zh: 评分 }, type: simple, measure: score, better: higher }
`,
  })
  alerts = await openAlertLog(() => NOW)
  kivi = await createQueryFixture(catalog, { now: '2026-03-10T12:00:40Z', states: alerts.states })
  await kivi.insert(demo())
  await kivi.watermark('2026-03-10T12:00:10Z')
  url = await kivi.service.start()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await kivi?.close()
  await alerts?.close()
})

/** A day that rises and falls like a shop's. */
function demo(): Fields[] {
  const events: Fields[] = []
  for (let hour = 0; hour < 24; hour++) {
    const time = NOW - 40_000 - (24 - hour) * HOUR
    const event_time = new Date(time + 60_000).toISOString()
    const busy = Math.round(12 + 9 * Math.sin((hour - 6) / 3.8) + hour / 3)
    for (let i = 0; i < busy; i++) {
      events.push({ event_time, event_type: 'purchase', amount: 19.9 + ((i * 7) % 13), order_id: `${hour}-${i}` })
      events.push({ event_time, event_type: 'page_view', user_id: `person-${(hour * 3 + i) % 40}` })
    }
    for (let i = 0; i < 100; i++) events.push({ event_time, event_type: 'impression', campaign: 'spring' })
    for (let i = 0; i < (hour % 5) + (hour > 20 ? 1 : 0); i++)
      events.push({ event_time, event_type: 'click', campaign: 'spring' })
    if (hour % 4 === 0) events.push({ event_time, event_type: 'refund', amount: 25 + hour })
  }
  return events
}

const open = async (options: { dark?: boolean; width?: number; locale?: string } = {}) => {
  const page = await browser.newPage({
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: options.locale ?? 'en-GB',
  })
  const faults: string[] = []
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('request', request => {
    if (!request.url().startsWith(url)) faults.push(`asked elsewhere: ${request.url()}`)
  })
  await page.goto(url)
  await page.waitForSelector('#board[aria-busy=false]')
  return { page, faults }
}

test('the page shows what the board answers', async () => {
  const { body } = await kivi.get('/v1/board')
  const { page, faults } = await open()
  const cards = await page.$$eval('article', articles =>
    articles.map(article => ({
      id: article.id,
      label: article.querySelector('h2')?.textContent,
      value: article.querySelector('.value')?.textContent,
      status: article.querySelector('.status')?.className,
      spark: article.querySelectorAll('.spark path').length,
    })),
  )
  expect(cards.map(card => card.id)).toEqual(body.indicators.map((item: { id: string }) => `indicator-${item.id}`))
  const ctr = body.indicators[1]
  expect(cards[1]).toMatchObject({ label: 'Click-through rate', status: `status ${ctr.status}` })
  expect(cards[1]?.value).toContain(
    new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 }).format(ctr.value),
  )
  expect(cards[1]?.spark).toBeGreaterThan(0)
  expect(cards[5]).toMatchObject({ value: 'no data yet', status: 'status no_data' })
  expect(await page.textContent('.freshness')).toContain('13:00:10 (Europe/Berlin)')
  await page.screenshot({ path: new URL('board-light.png', SCREENSHOTS).pathname })
  expect(faults).toEqual([])
  await page.close()
})

test('it speaks Chinese and knows the dark, on a phone too, without anything overlapping', async () => {
  const { page, faults } = await open({ dark: true, locale: 'zh-CN' })
  expect(await page.textContent('article:nth-child(2) h2')).toBe('点击率')
  expect(await page.getAttribute('html', 'lang')).toBe('zh-CN')
  await page.screenshot({ path: new URL('board-dark-zh.png', SCREENSHOTS).pathname })
  await page.click('[data-language=en]')
  expect(await page.textContent('article:nth-child(2) h2')).toBe('Click-through rate')
  await page.setViewportSize({ width: 375, height: 800 })
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
  expect(overflow).toBeLessThanOrEqual(0)
  await page.screenshot({ path: new URL('board-phone.png', SCREENSHOTS).pathname })
  expect(faults).toEqual([])
  await page.close()
})

test('new data appear without a reload, and an outage keeps the last values on the page', async () => {
  const { page } = await open()
  const before = await page.textContent('#indicator-purchases .value')
  await kivi.insert([{ event_time: '2026-03-10T11:59:00Z', event_type: 'purchase', amount: 1, order_id: 'new' }])
  await kivi.watermark('2026-03-10T12:00:12Z')
  await page
    .locator('#indicator-purchases .value')
    .filter({ hasNotText: before ?? '' })
    .waitFor()
  await page.context().setOffline(true)
  await page.waitForSelector('.problem')
  expect(await page.$$eval('article', articles => articles.length)).toBe(6)
  await page.screenshot({ path: new URL('board-outage.png', SCREENSHOTS).pathname })
  await page.close()
})

test('/docs describes the API from what it serves itself', async () => {
  const page = await browser.newPage()
  await page.goto(`${url}/docs`)
  await page.waitForSelector('main[aria-busy=false] #bound_too_fine')
  expect(await page.textContent('main')).toContain('GET /v1/indicators/{id}/value')
  await page.screenshot({ path: new URL('docs.png', SCREENSHOTS).pathname })
  await page.close()
})
