import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard()
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

interface Item {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly unit: string
  readonly value: number | null
  readonly target: number | null
  readonly status: string
  readonly owner: string | null
}

const cards = (page: Page) =>
  page.locator('.card').evaluateAll(elements =>
    elements.map(element => {
      const text = (selector: string) => element.querySelector(selector)?.textContent ?? null
      return {
        id: element.id.replace('indicator-', ''),
        label: text('h2'),
        link: element.querySelector('h2 a')?.getAttribute('href') ?? null,
        full: element.querySelector('.value span')?.getAttribute('title') ?? null,
        target: text('.target p span'),
        status: element.querySelector('.status')?.className ?? null,
        leads: element.matches('.north-star'),
      }
    }),
  )

/** What a page may show for a value: told apart from the page's own formatting, digit by digit. */
function digits(value: number, unit: string, locale: string): string {
  const scaled = unit === 'percent' ? value * 100 : value
  const least = unit === 'money' ? 2 : 0
  return new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: 2 }).format(scaled)
}

test('the board in every language, theme and size shows what the API answers', { timeout: 180_000 }, async () => {
  await look(dashboard, {
    name: 'board',
    path: '/',
    ready: '.card',
    async check(page, language) {
      const board = await dashboard.shop.get('/v1/board')
      const shown = await cards(page)
      const items = board.indicators as Item[]
      const leaders = items.filter(item => board.north_star.includes(item.id))
      const order = [...leaders, ...items.filter(item => !leaders.includes(item))].map(item => item.id)
      expect(shown.map(card => card.id)).toEqual(order)
      expect(leaders.length).toBeGreaterThan(0)
      for (const item of items) {
        const card = shown.find(one => one.id === item.id)
        expect(card).toMatchObject({
          label: item.label[language],
          link: `/indicators/${item.id}`,
          status: `status ${item.status}`,
          leads: leaders.includes(item),
        })
        const locale = language === 'zh' ? 'zh-CN' : 'en'
        if (item.value === null) expect(card?.full).toBeNull()
        else expect(card?.full).toContain(digits(item.value, item.unit, locale))
        expect(card?.target === null).toBe(item.target === null)
      }
      // the shop is such that every judgement is there to be seen
      const judged = new Set(items.map(item => item.status))
      for (const status of ['on_track', 'at_risk', 'off_track', 'no_target', 'provisional'])
        expect(judged).toContain(status)
    },
  })
})

test('window, level and owner stand in the address, and going back goes back', async () => {
  await using opened = await dashboard.open('/?window=7d')
  const { page, faults } = opened
  await settled(page, '.card')
  const seven = await dashboard.shop.get('/v1/board?window=7d')
  const purchases = (seven.indicators as Item[]).find(item => item.id === 'purchases')
  expect(await page.locator('#indicator-purchases .value span').first().getAttribute('title')).toBe(
    digits(purchases?.value ?? 0, 'count', 'en'),
  )
  await page.selectOption('#owner', 'finance')
  await page.locator('#indicator-purchases').waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('?window=7d&owner=finance')
  const owned = (seven.indicators as Item[]).filter(item => item.owner === 'finance').map(item => item.id)
  await page.locator('.card').first().waitFor()
  expect((await cards(page)).map(card => card.id)).toEqual(owned)
  await page.selectOption('#level', 'individual')
  await page.getByRole('button', { name: 'Show the whole board' }).click()
  await page.locator('#indicator-purchases').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Show the whole board' }).waitFor()
  expect(faults).toEqual([])
})

test('an indicator that nobody may have is asked for nobody: a wrong window in the address is none', async () => {
  await using opened = await dashboard.open('/?window=%3Cscript%3E&level=nonsense')
  await settled(opened.page, '.card')
  expect(await opened.page.inputValue('#window')).toBe('')
  expect(opened.faults).toEqual([])
})

test('what happens is shown as it happens, an outage is told, and it goes on by itself', async () => {
  await using opened = await dashboard.open('/', { expected: /Failed to load resource|ERR_|net::/ })
  const { page, faults } = opened
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  await page.locator('.freshness[data-state=live]').waitFor()
  const value = page.locator('#indicator-purchases .value span').first()
  const before = Number(await value.getAttribute('title'))
  const later = NOW + 60_000
  const purchase = {
    event_id: 'live-1',
    event_type: 'purchase',
    event_time: new Date(NOW).toISOString(),
    user_id: 'eve',
    order_id: 'live-1',
    product_id: 'mug',
    amount: 17,
  }
  const polls = asked.filter(path => path === '/v1/board').length
  await dashboard.shop.more([purchase], later)
  await page.locator(`#indicator-purchases .value span[title="${before + 1}"]`).waitFor()
  expect(asked.filter(path => path === '/v1/board').length).toBe(polls)

  await page.context().setOffline(true)
  await page.locator('.freshness[data-state=lost]').waitFor()
  expect(await page.locator('.stale .card').count()).toBeGreaterThan(10)
  expect(await page.locator('.problem[role=alert]').textContent()).toContain('last values stay')
  await page.context().setOffline(false)
  await page.locator('.freshness[data-state=live]').waitFor()
  expect(await page.locator('.problem').count()).toBe(0)
  expect(faults).toEqual([])
})

test('behind a proxy that holds streams up, the page asks every few seconds', async () => {
  await using opened = await dashboard.open('about:blank')
  const { page, faults } = opened
  // never answered, as by a proxy that waits for the end
  await page.route('**/v1/stream*', () => undefined)
  await page.goto(dashboard.shop.url)
  await page.locator('.freshness[data-state=polling]').waitFor()
  const first = await page.locator('.freshness').textContent()
  const { watermark } = await dashboard.shop.get('/v1/board')
  await dashboard.shop.more([], Date.parse(watermark) + 30_000 + 120_000)
  await page
    .locator('.freshness')
    .filter({ hasNotText: first ?? '' })
    .waitFor()
  expect(faults).toEqual([])
})

test('a wall screen shows the North Star, what is off track, and the board in parts, by itself', async () => {
  await look(dashboard, { name: 'wall', path: '/?tv=1&every=3600', ready: '.slide .card', screens: ['wall'] })
  await using opened = await dashboard.open('/?tv=1&every=3600', { screen: 'wall' })
  const { page, faults } = opened
  await settled(page, '.slide .card')
  expect(await page.locator('.head').count()).toBe(0)
  const board = await dashboard.shop.get('/v1/board')
  const seen = new Map<string, string[]>()
  const slides = await page.locator('.foot .place span').count()
  for (let slide = 0; slide < slides; slide++) {
    const title = (await page.textContent('h1')) ?? ''
    seen.set(
      title,
      (await cards(page)).map(card => card.id),
    )
    await page.keyboard.press('ArrowRight')
    await page.locator('h1').filter({ hasNotText: title }).or(page.locator('h1')).first().waitFor()
  }
  expect(seen.get('North Star')).toEqual(board.north_star)
  const off = (board.indicators as Item[]).filter(item => item.status === 'off_track').map(item => item.id)
  expect(seen.get('Off track')).toEqual(off)
  const parts = [...seen].filter(([title]) => title.startsWith('Board')).flatMap(([, ids]) => ids)
  expect(parts.sort()).toEqual(
    (board.indicators as Item[])
      .map(item => item.id)
      .filter(id => !board.north_star.includes(id))
      .sort(),
  )
  await page.keyboard.press(' ')
  await page.locator('.paused').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.head').waitFor()
  expect(new URL(page.url()).search).toBe('')
  expect(faults).toEqual([])
})

test('a wall screen turns by itself, shows other pages too, and stands still when told to', async () => {
  await using opened = await dashboard.open('/?tv=1&every=3&pages=/hierarchy', { screen: 'wall' })
  const { page, faults } = opened
  await settled(page, '.slide .card')
  await page.keyboard.press('ArrowLeft')
  await page.locator('.slide .page h1').waitFor()
  await page.locator('h1').filter({ hasText: 'North Star' }).waitFor()
  await page.locator('h1').filter({ hasText: 'Off track' }).waitFor()
  expect(faults).toEqual([])
})

test('whoever mistyped an address is led on, and what asks the API is told in its own way', async () => {
  await using opened = await dashboard.open('/indicator/ctr', { expected: /404/ })
  const { page, faults } = opened
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'To the board' }).click()
  await page.locator('.card').first().waitFor()
  const ask = async (path: string, accept: string) => {
    const response = await fetch(new URL(path, dashboard.shop.url), { headers: { accept } })
    return [response.status, response.headers.get('content-type')]
  }
  expect(await ask('/indicator/ctr', 'text/html,*/*')).toEqual([404, 'text/html; charset=utf-8'])
  expect(await ask('/indicator/ctr', 'application/json')).toEqual([404, 'application/problem+json; charset=utf-8'])
  expect(await ask('/v1/nothing', 'text/html,*/*')).toEqual([404, 'application/problem+json; charset=utf-8'])
  expect(faults).toEqual([])
})

test('a wall screen gathers nothing from turn to turn', async () => {
  await using opened = await dashboard.open('/?tv=1&every=3600', { screen: 'wall' })
  const { page, faults } = opened
  await settled(page, '.slide .card')
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const kept = async () => {
    await session.send('HeapProfiler.collectGarbage')
    const { metrics } = await session.send('Performance.getMetrics')
    const metric = (name: string) => metrics.find(one => one.name === name)?.value ?? Number.NaN
    return { nodes: metric('Nodes'), listeners: metric('JSEventListeners'), heap: metric('JSHeapUsedSize') }
  }
  const slides = await page.locator('.foot .place span').count()
  const turn = async (rounds: number) => {
    for (let press = 0; press < rounds * slides; press++) await page.keyboard.press('ArrowRight')
    await settled(page, '.slide .card')
  }
  await turn(2)
  const before = await kept()
  await turn(12)
  const after = await kept()
  expect(after.nodes).toBeLessThan(before.nodes * 1.1)
  expect(after.listeners).toBeLessThan(before.listeners * 1.1)
  expect(after.heap).toBeLessThan(before.heap * 1.15)
  expect(faults).toEqual([])
})

test('a wall screen takes a new version of Kivi by itself, and leaves with what it was asked for', async () => {
  await using opened = await dashboard.open('about:blank', { screen: 'wall' })
  const { page, faults } = opened
  await page.clock.install({ time: NOW })
  await page.goto(`${dashboard.shop.url}/?tv=1&every=3600&window=7d`)
  await settled(page, '.slide .card')
  let updated = false
  await page.route(`${dashboard.shop.url}/`, async route => {
    if (!updated || route.request().resourceType() !== 'fetch') return route.continue()
    await route.fulfill({ body: '<script type="module" src="/assets/index-another.js"></script>' })
  })
  const unchanged = page.waitForResponse(`${dashboard.shop.url}/`)
  await page.clock.fastForward(301_000)
  await unchanged
  await page.evaluate('window.stayed = true')
  expect(await page.evaluate('window.stayed')).toBe(true)
  updated = true
  const loaded = page.waitForEvent('domcontentloaded')
  await page.clock.fastForward(301_000)
  await loaded
  await settled(page, '.slide .card')
  expect(await page.evaluate('window.stayed')).toBeUndefined()
  await page.keyboard.press('Escape')
  await page.locator('.head').waitFor()
  expect(new URL(page.url()).search).toBe('?window=7d')
  expect(faults).toEqual([])
})
