/** Data of years ago, imported just now: every partition is read to its end and silent, and the clock is today's. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser, SCREENSHOTS } from './browser.ts'
import { catalogOf, createQueryFixture, type QueryFixture } from './fixture.ts'

const NOW = Date.parse('2026-03-10T12:00:40Z')

let kivi: QueryFixture

beforeAll(async () => {
  const catalog = await catalogOf({
    'kivi.yaml': 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\nboard: [ctr, purchases, scores]\n',
    'measures.yaml': `
measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  purchases: { event: purchase, agg: count, dimensions: [] }
  scores: { event: survey, agg: mean, expr: score, dimensions: [] }
indicators:
  ctr: { label: { en: Click-through rate, zh: 点击率 }, type: ratio, numerator: clicks, denominator: impressions,
    unit: percent, better: higher, window: 30d }
`,
  })
  kivi = await createQueryFixture(catalog, { now: new Date(NOW).toISOString() })
  await kivi.insert([
    { event_time: '2019-11-30T10:00:00Z', event_type: 'impression', campaign: 'spring' },
    { event_time: '2019-11-30T10:00:00Z', event_type: 'click', campaign: 'spring' },
    { event_time: '2019-11-30T10:00:30Z', event_type: 'purchase', amount: 3 },
  ])
  await kivi.progress([
    { watermark: Date.parse('2019-11-30T10:00:00Z'), idleSince: NOW - 60_000 },
    { watermark: -1, idleSince: NOW - 60_000 },
  ])
})
afterAll(() => kivi?.close())

test('a window after the newest event says that it is empty for want of events', async () => {
  const { body } = await kivi.get('/v1/board')
  expect(body).toMatchObject({ newest_event: '2019-11-30T10:00:30Z', watermark: '2026-03-10T12:00:10Z' })
  expect(body.indicators).toMatchObject([
    { id: 'ctr', value: null, reason: 'after_newest_event', status: 'no_data' },
    { id: 'purchases', value: 0, reason: 'after_newest_event' },
    { id: 'scores', value: null, reason: 'after_newest_event' },
  ])
  const value = async (id: string, query = '') => (await kivi.get(`/v1/indicators/${id}/value${query}`)).body
  expect(await value('ctr')).toMatchObject({
    value: null,
    reason: 'after_newest_event',
    newest_event: body.newest_event,
  })
  const then = await value('ctr', '?to=2019-12-01T00:00:00Z')
  expect(then).toMatchObject({ value: 1, complete: true })
  expect(then).not.toHaveProperty('reason')
  // of what has not come yet nothing is known
  const later = await value('purchases', '?from=2026-03-11T00:00:00Z&to=2026-03-12T00:00:00Z')
  expect(later).toMatchObject({ value: null, reason: 'no_data' })
})

test('the page tells of when the newest event is and leads to it', async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ locale: 'en-US' })
    await page.goto(await kivi.service.start())
    const notice = page.locator('.notice')
    await notice.waitFor()
    expect(await notice.textContent()).toContain('the newest one is of Nov 30, 2019')
    expect(await page.textContent('#indicator-purchases .notes')).toContain('no events since Nov 30, 2019')
    const link = await notice.locator('a').getAttribute('href')
    const { status, body } = await kivi.get(link as string)
    expect(status).toBe(200)
    expect(body.series[0].points.at(-1)).toMatchObject({ t: '2019-11-30T00:00:00Z', value: 1 })
    await page.screenshot({ path: new URL('board-old.png', SCREENSHOTS).pathname })
  } finally {
    await browser.close()
  }
})
