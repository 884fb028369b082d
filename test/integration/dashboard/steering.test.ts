/** Targets, actions and the North Star set in place: what is shown afterwards is what the service answered. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firing } from '../../support/alert-log.ts'
import { type Dashboard, look, openDashboard, settled } from './harness.ts'
import { NOW } from './shop.ts'

const MINUTE = 60_000
let dashboard: Dashboard
let clock = NOW
beforeAll(async () => {
  dashboard = await openDashboard({ days: 8 })
  // what is read for the first time takes longest, on a busy machine longer than a browser waits
  await Promise.all(
    ['value?compare=previous', 'value?by=campaign'].map(rest => dashboard.shop.get(`/v1/indicators/ctr/${rest}`)),
  )
}, 300_000)
afterAll(() => dashboard?.[Symbol.asyncDispose]())

/** Each setting has an instant of its own, for the page and for the service. */
async function later(page: Page): Promise<void> {
  clock += MINUTE
  dashboard.shop.clock(clock)
  await page.clock.setFixedTime(clock)
}
const items = async (id: string) => (await dashboard.shop.get(`/v1/targets/${id}`)).items
const wrongOf = async (page: Page, name: string): Promise<string> => {
  const ids = (await page.locator(`[name=${name}]`).getAttribute('aria-describedby')) ?? ''
  const texts = await Promise.all(ids.split(' ').map(id => page.locator(`[id="${id}"]`).textContent()))
  return texts.join(' ')
}

test('a target set in place judges at once, and stands in the history with who and why', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await page.locator('.indicator-head .status.on_track').waitFor()
  await later(page)
  await page.click('#set-target')
  await page.fill('[name=value]', '50')
  await page.click('#target-form [type=submit]')
  expect(await page.locator('[name=reason]').getAttribute('aria-invalid')).toBe('true')
  expect(await wrongOf(page, 'reason')).toContain('Say why')
  await page.fill('[name=reason]', 'twice as many clicks')
  await page.getByLabel('Your name').fill('ada')
  await page.click('#target-form [type=submit]')
  await page.locator('.indicator-head .status.off_track').waitFor()
  await page.locator('.target-list li', { hasText: 'twice as many clicks' }).waitFor()
  const [set] = await items('ctr')
  expect(set).toMatchObject({ value: 0.5, reason: 'twice as many clicks', set_by: 'ada', origin: 'set', per: null })
  expect((await dashboard.shop.get('/v1/indicators/ctr/value')).status).toBe('off_track')
  const shown = (await page.locator('.target-list li').first().textContent()) ?? ''
  expect(shown).toContain('≥ 50%')
  expect(shown).toContain('set by ada')
  expect(faults).toEqual([])
})

test('a second target, told as a change for a segment, leaves the first one in force', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await page.locator('#set-target').waitFor()
  await page.locator('.standing .value').waitFor()
  await later(page)
  await page.click('#set-target')
  await page.getByLabel('Told as').selectOption('change')
  await page.fill('[name=baseline]', '4')
  await page.fill('[name=change]', '25')
  await page.getByText('comes to 5%').waitFor()
  await page.getByRole('button', { name: 'Only a segment' }).click()
  await page.getByLabel('Segment: campaign').fill('retargeting')
  await page.fill('[name=reason]', 'they know us')
  await page.click('#target-form [type=submit]')
  await page.locator('.target-list li', { hasText: 'campaign: retargeting' }).waitFor()
  const inForce = (await items('ctr')).filter((item: { until: string | null }) => item.until === null)
  expect(inForce.map(({ value, by }: { value: number; by: object }) => [value, by])).toEqual(
    expect.arrayContaining([
      [0.05, { campaign: 'retargeting' }],
      [0.5, {}],
    ]),
  )
  expect(faults).toEqual([])
})

test('what would rewrite the past is refused, and the form says so where it was entered', async () => {
  const before = await items('ctr')
  await using opened = await dashboard.open('/indicators/ctr', { expected: /409/ })
  const { page, faults } = opened
  await page.click('#set-target')
  await page.fill('[name=value]', '3')
  await page.fill('[name=from]', '2026-03-01T00:00')
  await page.fill('[name=reason]', 'it was better then')
  await page.click('#target-form [type=submit]')
  const refusal = page.locator('.refusal[data-code=would_rewrite_the_past]')
  await refusal.waitFor()
  expect(await refusal.textContent()).toContain('keeps the judgement of its time')
  expect(await wrongOf(page, 'from')).toContain('2026-03-10T00:00:00Z or later')
  expect(await items('ctr')).toEqual(before)
  // nothing was set, so nothing else is shown
  await page.keyboard.press('Escape')
  await page.locator('.form-dialog').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('set-target')
  expect(await page.locator('.target-list li', { hasText: 'it was better then' }).count()).toBe(0)
  expect(faults).toEqual([])
})

test('a target that was set is withdrawn, and the others go on', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await later(page)
  await page.reload()
  const row = page.locator('li[data-state=inForce]', { hasText: 'twice as many clicks' })
  await row.waitFor()
  await row.getByRole('button', { name: 'Withdraw' }).first().click()
  await page.fill('[name=reason]', 'too much')
  await page.click('.form-dialog [type=submit]')
  await row.waitFor({ state: 'detached' })
  await page.locator('.panel.targets summary').click()
  await page.locator('li[data-state=over]', { hasText: 'twice as many clicks' }).first().waitFor()
  const inForce = (await items('ctr')).filter(
    (item: { until: string | null; origin: string }) => item.until === null && item.origin === 'set',
  )
  expect(inForce.map(({ value }: { value: number }) => value)).toEqual([0.05])
  expect(faults).toEqual([])
})

test('an action recorded in place is a mark on the chart, and it is too early to tell what followed', async () => {
  await using opened = await dashboard.open('/indicators/ctr')
  const { page, faults } = opened
  await settled(page, '.chart canvas')
  await page.click('#record-action')
  await page.click('#action-form [type=submit]')
  expect(await wrongOf(page, 'label')).toContain('Say what is done')
  await page.fill('[name=label]', 'Warmer colours')
  await page.fill('[name=at]', '2026-03-04T09:00')
  await page.click('#action-form [type=submit]')
  await page.locator('.mark-list button', { hasText: 'Warmer colours' }).waitFor()
  await page.locator('.mark-flag').first().waitFor()
  await page.locator('.effects [data-method=too_early]').waitFor()
  expect(await page.locator('.effects').textContent()).toMatch(/Too (early|few weeks)/)
  expect(await page.locator('.no-proof').textContent()).toContain('never proof')
  const { items: actions } = await dashboard.shop.get('/v1/actions?indicator=ctr')
  expect(actions).toMatchObject([{ label: 'Warmer colours', at: '2026-03-04T09:00:00Z', status: 'done' }])
  // changing it keeps it the same action
  await page.getByRole('button', { name: 'Change: Warmer colours' }).click()
  await page.locator('[name=status]').selectOption('cancelled')
  await page.click('#action-form [type=submit]')
  await page.locator('[data-status=cancelled]').waitFor()
  await page.locator('.mark-list').waitFor({ state: 'detached' })
  const after = await dashboard.shop.get('/v1/actions')
  expect(after.items).toMatchObject([{ id: actions[0].id, status: 'cancelled' }])
  expect(faults).toEqual([])
})

test('all actions with what followed them, and what leads with its history', async () => {
  const at = new Date(NOW - 9 * 86_400_000).toISOString()
  await dashboard.shop.send('POST', '/v1/actions', { label: 'Reminders', indicators: ['ctr', 'purchases'], at })
  await using opened = await dashboard.open('/actions')
  const { page, faults } = opened
  await page.locator('[data-status=done] .effects li').nth(1).waitFor()
  await later(page)
  await page.click('#set-north-star')
  await page.getByRole('button', { name: 'Remove Net revenue' }).click()
  await page.click('#north-star-form [type=submit]')
  await page.getByText('Name at least one indicator.').waitFor()
  await page.getByRole('combobox', { name: 'Add an indicator' }).fill('dau')
  await page.locator('[role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await page.fill('[name=reason]', 'whoever comes back has found something')
  await page.click('#north-star-form [type=submit]')
  await page.locator('.leading a[href="/indicators/dau"]').waitFor()
  const star = await dashboard.shop.get('/v1/north-star')
  expect(star.indicators).toEqual(['dau'])
  await page.click('.north summary')
  const history = await page.locator('.star-history li').allTextContents()
  expect(history).toHaveLength(star.history.length)
  expect(history[0]).toContain('whoever comes back has found something')
  expect(faults).toEqual([])
})

test('a measured effect is told with its interval and its doubt', async () => {
  const effect = (rest: object) => ({
    indicator: 'ctr',
    unit: 'percent',
    method: 'segmented_regression',
    weeks_before: 12,
    weeks_after: 6,
    step: 0.004,
    interval: [0.001, 0.007],
    p: 0.01,
    good: true,
    weeks: [],
    ...rest,
  })
  await using opened = await dashboard.open('/')
  const { page, faults } = opened
  await page.route(/\/v1\/actions\/.*\/effect/, route =>
    route.fulfill({
      json: {
        action: 'a',
        at: '2026-01-01T00:00:00Z',
        effects: [
          effect({}),
          effect({ indicator: 'purchases', unit: 'count', step: -3, interval: [-9, 3], p: 0.4, good: null }),
        ],
        note: '',
      },
    }),
  )
  await page.goto(new URL('/actions', dashboard.shop.url).href)
  const [measured, doubtful] = [page.locator('.effects li').first(), page.locator('.effects li').nth(1)]
  await doubtful.waitFor()
  expect(await measured.textContent()).toContain(
    '+0.4 pp beyond the trend before. 95 % interval +0.1 pp to +0.7 pp. In the right direction.',
  )
  expect(await doubtful.textContent()).toContain('That may be chance.')
  expect(faults).toEqual([])
})

test('the page of actions and the forms in every language, theme and size', { timeout: 180_000 }, async () => {
  await look(dashboard, { name: 'actions', path: '/actions', ready: '.effects li' })
  await look(dashboard, {
    name: 'target-form',
    path: '/indicators/ctr',
    ready: '.target-list li',
    screens: ['phone', 'desk'],
    act: async page => {
      await page.click('#set-target')
      await page.click('#target-form [type=submit]')
    },
    // a dialog keeps the focus inside of itself, which the walk through the whole page takes for a fault
    keyboard: false,
  })
})

describe('with keys', () => {
  let guarded: Dashboard
  let keys: Readonly<Record<'reads' | 'steers' | 'limited', string>>
  beforeAll(async () => {
    guarded = await openDashboard({ keys: true, days: 2, eventsPerSecond: 0.01 })
    const { shop } = guarded
    // all before the first request: the service reads keys now and then, by a clock that stands
    keys = {
      reads: await shop.key(['read']),
      steers: await shop.key(['steer']),
      limited: await shop.key(['steer'], { owner: 'growth', dimensions: {} }),
    }
  }, 180_000)
  afterAll(() => guarded?.[Symbol.asyncDispose]())

  test('a key is offered what it may set, and told why not where it may not', async () => {
    const { shop } = guarded
    const fires = firing('CtrDropped', { indicator: 'ctr' }, { now: NOW })
    await shop.alerts.leads('evaluator-1')
    await shop.alerts.says(fires)
    /** pages with a button of each kind, and what says that they are drawn */
    const pages = [
      { path: '/indicators/ctr', ready: '.target-list', buttons: ['Set a target', 'Record an action'] },
      { path: '/actions', ready: '#north-title', buttons: ['Record an action', 'Choose what leads'] },
      { path: '/alerts', ready: '[data-alert]', buttons: ['Acknowledge', 'Silence', 'New silence'] },
    ]
    const seen = async (key: string, { path, ready }: (typeof pages)[number]) => {
      await using opened = await guarded.open(path, { key })
      const { page, faults } = opened
      await settled(page, ready)
      const barred = page.locator('[data-barred]')
      // what may be done is known by then: the page offers it, or says why not
      await barred
        .or(page.locator('main button', { hasText: /Record|silence/ }))
        .first()
        .waitFor()
      const buttons = await page.locator('main button').allInnerTexts()
      expect(faults).toEqual([])
      return { buttons: buttons.map(text => text.replace('▾', '').trim()), barred: await barred.allInnerTexts() }
    }
    for (const looked of pages) {
      const [reader, steering] = [await seen(keys.reads, looked), await seen(keys.steers, looked)]
      expect(new Set(reader.barred), looked.path).toEqual(new Set(['Your key may look, not change anything.']))
      expect(steering.barred, looked.path).toEqual([])
      for (const button of looked.buttons) {
        expect(reader.buttons, looked.path).not.toContain(button)
        expect(steering.buttons, looked.path).toContain(button)
      }
    }
    // who is limited to an owner sets that owner's targets and actions, not what leads everybody
    const star = await seen(keys.limited, pages[1] as (typeof pages)[number])
    expect(star.buttons).toContain('Record an action')
    expect(star.buttons).not.toContain('Choose what leads')
    expect(star.barred).toEqual(['Your key is limited to a part of the data, and this is beyond it.'])
  })

  test('what a key may not set is refused in the form too, where the page could not know', async () => {
    await using opened = await guarded.open('/', { key: keys.reads, expected: /40[34]/ })
    const { page, faults } = opened
    await page.route('**/v1/access', route => route.fulfill({ status: 404, json: { code: 'not_found' } }))
    await page.goto(new URL('/indicators/ctr', guarded.shop.url).href)
    await page.click('#set-target')
    expect(await page.getByLabel('Your name').count()).toBe(0)
    await page.fill('[name=value]', '3')
    await page.fill('[name=reason]', 'I may not')
    await page.click('#target-form [type=submit]')
    const refusal = page.locator('.refusal[data-code=key_lacks_role]')
    await refusal.waitFor()
    expect(await refusal.textContent()).toContain('Your key may look, not change anything.')
    expect(faults).toEqual([])
  })
})
