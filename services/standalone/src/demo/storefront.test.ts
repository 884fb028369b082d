import { fileURLToPath } from 'node:url'
import { loadCatalog } from '@kivi/catalog'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkEvent } from '../import/check-event.ts'
import type { DemoEvent } from './event.ts'
import { localTimeIn } from './rhythm.ts'
import { openStorefront } from './storefront.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const OPENED = Date.UTC(2026, 2, 2)
const open = (seed = 7) =>
  openStorefront({ seed, eventsPerSecond: 0.5, localTime: localTimeIn('Europe/Berlin'), openedAt: OPENED })

let week: DemoEvent[]
beforeAll(() => {
  week = open().eventsBetween(OPENED, OPENED + 7 * DAY)
})
const ofType = (type: string) => week.filter(event => event.event_type === type)
const sum = (events: readonly DemoEvent[], field: string) =>
  events.reduce((total, event) => total + Number(event[field]), 0)

describe('as a function of time', () => {
  it('gives the same events however the time is cut, also after a restart at any moment', () => {
    const cuts = [0, 1, 17 * HOUR + 123, 17 * HOUR + 124, 3 * DAY, 3 * DAY + 61_000, 7 * DAY]
    const whole = open()
    let pieces: DemoEvent[] = []
    for (let i = 1; i < cuts.length; i++) {
      // every other piece is made by a storefront that has just started
      const shop = i % 2 === 0 ? open() : whole
      if (shop === whole && i > 1) whole.eventsBetween(OPENED + cuts[i - 2]!, OPENED + cuts[i - 1]!)
      pieces = pieces.concat(shop.eventsBetween(OPENED + cuts[i - 1]!, OPENED + cuts[i]!))
    }
    expect(pieces.length).toBe(week.length)
    expect(pieces.map(event => JSON.stringify(event))).toEqual(week.map(event => JSON.stringify(event)))
  })

  it('has no id twice, and times only where it was asked', () => {
    expect(new Set(week.map(event => event.event_id)).size).toBe(week.length)
    expect(week.every(event => event.event_time >= OPENED && event.event_time < OPENED + 7 * DAY)).toBe(true)
    expect(week.every((event, i) => i === 0 || event.event_time >= week[i - 1]!.event_time)).toBe(true)
  })

  it('is another storefront with another seed', () => {
    const ids = open(8).eventsBetween(OPENED, OPENED + DAY)
    expect(ids).not.toEqual(open(7).eventsBetween(OPENED, OPENED + DAY))
  })
})

describe('believable', () => {
  it('has about the asked rate, busy evenings, quiet nights and busier Sundays', () => {
    const rate = week.length / (7 * 86_400)
    expect(rate).toBeGreaterThan(0.35)
    expect(rate).toBeLessThan(0.65)
    const at = (hour: number) => week.filter(event => new Date(event.event_time).getUTCHours() === hour).length
    expect(at(19)).toBeGreaterThan(3 * at(2))
    expect(at(2)).toBeGreaterThan(0)
    const views = (day: number) =>
      ofType('page_view').filter(event => Math.floor((event.event_time - OPENED) / DAY) === day).length
    expect(views(6)).toBeGreaterThan(views(2) * 1.1)
  })

  it('has people who come back on other days, and orders with several lines', () => {
    const days = new Map<string, Set<number>>()
    for (const event of ofType('page_view')) {
      if (event['user_id'] === undefined) continue
      const id = String(event['user_id'])
      days.set(id, (days.get(id) ?? new Set()).add(Math.floor(event.event_time / DAY)))
    }
    expect([...days.values()].filter(seen => seen.size > 1).length / days.size).toBeGreaterThan(0.15)
    expect(ofType('purchase').length).toBeGreaterThan(new Set(ofType('purchase').map(event => event['order_id'])).size)
  })

  it('has campaigns of different quality', () => {
    const ads = (type: string, campaign: string) =>
      ofType(type).filter(event => event['target'] === 'ad' && event['campaign'] === campaign).length
    const rate = (campaign: string) => ads('click', campaign) / ads('impression', campaign)
    expect(rate('autumn-harvest')).toBeGreaterThan(rate('first-order-10') * 1.2)
  })

  it('has visitors who click an advertisement and buy', () => {
    const clicked = new Set(ofType('click').flatMap(event => (event['target'] === 'ad' ? [event['anonymous_id']] : [])))
    expect(ofType('purchase').filter(event => clicked.has(event['anonymous_id'])).length).toBeGreaterThan(0)
  })

  it('earns money: margins, some refunds, less spent on advertisements than earned', () => {
    const revenue = sum(ofType('purchase'), 'amount')
    expect(sum(ofType('purchase'), 'cost_of_goods') / revenue).toBeGreaterThan(0.3)
    expect(sum(ofType('purchase'), 'cost_of_goods') / revenue).toBeLessThan(0.7)
    expect(sum(ofType('refund'), 'amount')).toBeGreaterThan(0)
    expect(sum(ofType('refund'), 'amount') / revenue).toBeLessThan(0.1)
    expect(
      sum(
        ofType('cost').filter(event => event['kind'] === 'ad_spend'),
        'amount',
      ),
    ).toBeLessThan(revenue)
  })

  it('has everything that the shipped indicators ask about', () => {
    for (const type of [
      'ticket',
      'survey',
      'subscription',
      'search',
      'cart',
      'checkout',
      'engagement',
      'mention',
      'content',
      'login',
      'signup',
      'inventory',
      'opportunity',
      'outreach',
      'lead',
      'campaign_contact',
      'cost',
      'benefit',
      'product_launch',
      'feature_use',
    ])
      expect(ofType(type).length, type).toBeGreaterThan(0)
    const opened = new Set(
      ofType('ticket')
        .filter(event => event['action'] === 'opened')
        .map(event => event['ticket_id']),
    )
    expect(
      ofType('ticket').filter(event => event['action'] === 'resolved' && opened.has(event['ticket_id'])).length,
    ).toBeGreaterThan(0)
  })

  it('makes only events that the shipped catalog accepts', async () => {
    const { catalog } = await loadCatalog(fileURLToPath(new URL('../../../../catalog', import.meta.url)))
    const refused = week.flatMap(event => {
      const checked = checkEvent(catalog!, event)
      return 'rejection' in checked ? [`${event.event_type}: ${checked.rejection.detail}`] : []
    })
    expect(refused).toEqual([])
  })
})
