import { createAlertHistoryStore } from '@kivi/clickhouse'
import type { AlertFact, AlertInstance, PlacedFact } from '@kivi/domain'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firing } from '../../support/alert-log.ts'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard({ days: 2 })
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

const SUMMER = { campaign: 'summer-sale', indicator: 'ctr', team: 'growth' }
const dropped = (changes: Partial<AlertInstance> = {}) =>
  firing('CtrDropped', SUMMER, { by: ['campaign'], severity: 'ticket', now: NOW, ...changes })
const stalled = firing('PipelineStalled', { team: 'platform' }, { now: NOW })
const pending = firing('PurchasesDropped', { indicator: 'purchases' }, { now: NOW, phase: 'pending', decided: 0 })
const over = firing('TicketsRose', { indicator: 'tickets_opened' }, { now: NOW, phase: 'inactive', decided: 2 })

/** So many things happened, the newest a minute ago. */
const facts = (alert: AlertInstance, count: number): PlacedFact[] =>
  Array.from({ length: count }, (_, i) => {
    const base = { at: NOW - (i + 1) * MINUTE, alert: alert.id, rule: alert.rule, labels: alert.labels }
    const send = { receiver: 'chat', lane: 'a', sequence: i, key: `key-${i}`, alerts: 1 }
    const told: AlertFact[] = [
      { ...base, fact: 'firing', instant: base.at, startsAt: base.at, value: 0.0153, target: null, reason: null },
      { ...base, ...send, fact: 'delivered', answer: '200 ok' },
      { ...base, ...send, fact: 'in_doubt', answer: 'no answer within 10 s' },
    ]
    return { offset: 1_000 - i, index: 0, fact: told[i % told.length] as AlertFact }
  })

/** Of all that have it, in their order. */
const told = async (page: Page, attribute: string) =>
  Promise.all((await page.locator(`[${attribute}]`).all()).map(one => one.getAttribute(attribute)))

const alertOf = (page: Page, alert: AlertInstance) => page.locator(`[data-alert="${alert.id}"]`)

test('before anybody has led it says that nobody evaluates, on every screen', async () => {
  expect((await dashboard.shop.get('/v1/alerts')).leader).toBeNull()
  await look(dashboard, {
    name: 'alerts-nobody',
    path: '/alerts',
    ready: '[data-doubt=no_leader]',
    screens: ['phone'],
  })
})

test('what fires, is pending and ended, as the API tells it, in every language, theme and size', async () => {
  await dashboard.shop.alerts.leads('evaluator-1')
  await dashboard.shop.alerts.says(stalled, dropped(), pending, over)
  await createAlertHistoryStore(dashboard.shop.clickhouse).write(facts(dropped(), 6))
  const { counts } = await dashboard.shop.get('/v1/alerts')
  expect(counts).toEqual({ firing: 2, pending: 1, silenced: 0 })
  await look(dashboard, {
    name: 'alerts',
    path: '/alerts',
    ready: '[data-event]',
    act: async page => {
      await page.locator('[data-list=firing] [data-alert]').first().waitFor()
    },
    check: async (page, language) => {
      const { items } = await dashboard.shop.get(`/v1/alerts?lang=${language}`)
      const shown = await told(page, 'data-alert')
      expect(shown).toEqual(items.map((item: { id: string }) => item.id))
      for (const item of items) {
        const heading = page.locator(`[data-alert="${item.id}"] h3`)
        await expect.poll(() => heading.textContent(), { timeout: 15_000 }).toBe(item.annotations.summary)
      }
      const card = alertOf(page, dropped())
      expect(await card.locator('[data-figure=value] dd').innerText()).toBe('1.53%')
      expect(await card.locator('.badge').innerText()).toBe('campaign: summer-sale')
      expect(await card.locator('.when').innerText()).toContain(language === 'en' ? 'for 20 minutes' : '已持续 20分钟')
      expect(await page.locator('[data-doubt]').count()).toBe(0)
      expect(await page.locator('.head [data-firing]').first().getAttribute('data-firing')).toBe('2')
      const { items: happened } = await dashboard.shop.get('/v1/alerts/history')
      const events = await told(page, 'data-event')
      expect(events).toEqual(happened.map((item: { event: string }) => item.event))
    },
  })
})

test('a second click silences, the API says so, and it can be taken back', async () => {
  await using opened = await dashboard.open('/alerts')
  const { page, faults } = opened
  const card = alertOf(page, dropped())
  await card.getByRole('button', { name: 'Silence' }).click()
  await card.getByRole('button', { name: '4 hours' }).click()
  await card.locator('[data-silenced]').waitFor()
  const { items } = await dashboard.shop.get('/v1/silences?state=active')
  expect(items).toMatchObject([
    {
      matchers: ['alertname="CtrDropped"', 'campaign="summer-sale"'],
      until: new Date(NOW + 4 * HOUR).toISOString().replace('.000Z', 'Z'),
      mutes: 1,
    },
  ])
  expect(await card.locator('[data-silenced]').getAttribute('data-silenced')).toBe(items[0].until)
  expect(await alertOf(page, stalled).locator('[data-silenced]').count()).toBe(0)
  expect(await page.locator(`[data-silence="${items[0].id}"]`).getAttribute('data-state')).toBe('active')
  await card.getByRole('button', { name: 'Undo' }).click()
  await card.locator('[data-silenced]').waitFor({ state: 'detached' })
  expect((await dashboard.shop.get('/v1/silences?state=active')).items).toEqual([])
  expect(faults).toEqual([])
})

test('a silence of one’s own wording says what it matches, and is changed and ended in the list', async () => {
  await using opened = await dashboard.open('/alerts')
  const { page, faults } = opened
  await settled(page, '[data-alert]')
  await page.getByRole('button', { name: 'New silence' }).click()
  const form = page.locator('#silence-form')
  await form.locator('[type=submit]').click()
  await expect.poll(() => form.locator('.wrong').allInnerTexts()).toEqual(['Name at least one label.', 'Say why.'])
  await form.locator('[name=matchers]').fill('team=~"growth|sales"\nseverity!="page"')
  await expect.poll(() => form.locator('[data-matched]').innerText()).toContain('1 of what fires')
  await form.locator('[name=until]').fill('2026-03-12T08:00')
  await form.locator('[name=reason]').fill('the spring sale is being set up')
  await form.getByLabel('Your name').fill('ann')
  await form.locator('[type=submit]').click()
  const row = page.locator('[data-silence][data-state=active]')
  await row.waitFor()
  const [silence] = (await dashboard.shop.get('/v1/silences?state=active')).items
  expect(silence).toMatchObject({ author: 'ann', reason: 'the spring sale is being set up', mutes: 1 })
  await row.getByRole('button', { name: 'Change' }).click()
  await form.locator('[name=reason]').fill('it takes longer')
  await form.locator('[type=submit]').click()
  await row.getByText('it takes longer').waitFor()
  await row.getByRole('button', { name: 'End' }).click()
  await row.waitFor({ state: 'detached' })
  const { items } = await dashboard.shop.get('/v1/silences')
  expect(items.find((item: { id: string }) => item.id === silence.id)).toMatchObject({
    state: 'ended',
    reason: 'it takes longer',
  })
  expect(faults).toEqual([])
})

test('who takes care of an alert says what they do, and everybody sees it', async () => {
  await using opened = await dashboard.open('/alerts')
  const { page, faults } = opened
  const card = alertOf(page, stalled)
  await card.getByRole('button', { name: 'Acknowledge' }).click()
  const form = page.locator('#acknowledge-form')
  await form.locator('[type=submit]').click()
  expect(await form.locator('.wrong').innerText()).toContain('what you do')
  await form.locator('[name=comment]').fill('restarting the worker')
  await form.getByLabel('Your name').fill('bob')
  await form.locator('[type=submit]').click()
  await card.locator('[data-acknowledged=bob]').waitFor()
  await expect.poll(() => card.innerText()).toContain('restarting the worker')
  // whoever leads takes it over, and tells those who look elsewhere
  await using elsewhere = await dashboard.open('/alerts')
  await alertOf(elsewhere.page, stalled).waitFor()
  const acknowledgement = { alert: stalled.id, startsAt: stalled.startsAt, author: 'bob', comment: 'on it', setAt: NOW }
  await dashboard.shop.alerts.says({ kind: 'acknowledgement', acknowledgement })
  await alertOf(elsewhere.page, stalled).locator('[data-acknowledged=bob]').waitFor()
  expect([...faults, ...elsewhere.faults]).toEqual([])
})

test('the count in the head of every page, and the marks of indicators, change as alerts do', async () => {
  await using board = await dashboard.open('/')
  await using system = await dashboard.open('/system')
  const counts = [board, system].map(({ page }) => page.locator('nav [data-firing]'))
  for (const count of counts) await expect.poll(() => count.getAttribute('data-firing'), { timeout: 15_000 }).toBe('2')
  const mark = board.page.locator('#indicator-ctr [data-alerts]')
  expect(await mark.getAttribute('data-alerts')).toBe('1')
  const before = dropped()
  const [fired] = before.transitions
  const resolved = { ...fired, number: 2, kind: 'resolved', instant: NOW, reason: 'condition', decidedAt: NOW } as const
  await dashboard.shop.alerts.says(
    dropped({
      phase: 'inactive',
      decided: 2,
      endedAt: NOW,
      transitions: [...before.transitions, resolved] as AlertInstance['transitions'],
    }),
  )
  for (const count of counts) await expect.poll(() => count.getAttribute('data-firing'), { timeout: 8_000 }).toBe('1')
  await mark.waitFor({ state: 'detached' })
  expect([...board.faults, ...system.faults]).toEqual([])
})

test('an alert leads to its indicator at its time and for its part', async () => {
  await using opened = await dashboard.open('/alerts')
  const { page, faults } = opened
  const card = alertOf(page, dropped())
  await card.getByRole('link', { name: /Look at/ }).click()
  await settled(page, '.indicator-head .when')
  const { pathname, searchParams } = new URL(page.url())
  expect([pathname, searchParams.get('filter')]).toEqual(['/indicators/ctr', 'campaign:summer-sale'])
  expect(Date.parse(searchParams.get('from') as string)).toBeLessThan(NOW - 20 * MINUTE)
  expect(await page.locator('.problem, [role=alert]').count()).toBe(0)
  expect(faults).toEqual([])
})

test('the history goes back page by page, and by rule and kind', async () => {
  await createAlertHistoryStore(dashboard.shop.clickhouse).write(facts(dropped(), 120))
  await using opened = await dashboard.open('/alerts?span=1d')
  const { page, faults } = opened
  const rows = page.locator('[data-event]')
  const soon = { timeout: 15_000 }
  await expect.poll(() => rows.count(), soon).toBe(50)
  await page.locator('[data-older]').click()
  await expect.poll(() => rows.count(), soon).toBe(100)
  await page.locator('[data-older]').click()
  await expect.poll(() => rows.count(), soon).toBe(120)
  await expect.poll(() => page.locator('[data-older]').count()).toBe(0)
  const history = page.locator('[data-part=history]')
  await history.getByLabel('What').selectOption('sent')
  await expect.poll(() => rows.count(), soon).toBe(80)
  await history.getByLabel('Rule').selectOption('TicketsRose')
  await history.getByText('Nothing happened in this time.').waitFor()
  expect(faults).toEqual([])
})

test('who leads but is not heard of any more is told: silence is no good news then', async () => {
  await using opened = await dashboard.open('/alerts')
  const { page, faults } = opened
  await settled(page, '[data-alert]')
  expect(await page.locator('[data-doubt]').count()).toBe(0)
  // the service reads on, and there is nothing new
  dashboard.shop.clock(NOW + 10 * MINUTE)
  await page.clock.setFixedTime(NOW + 10 * MINUTE)
  await page.locator('[data-doubt=unheard]').waitFor({ timeout: 20_000 })
  expect(await page.locator('[data-doubt]').innerText()).toContain('evaluator-1')
  expect(faults).toEqual([])
})
