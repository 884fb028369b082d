import { describe, expect, it } from 'vitest'
import { createTraffic, flagged, flagOf } from './traffic.ts'

const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36'
const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const PAGE = { origin: 'https://shop.example', 'user-agent': BROWSER }

const traffic = createTraffic({
  internal: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'],
  proxies: ['10.0.0.0/8', '::1'],
})
const of = (headers: Record<string, string>, ip = '203.0.113.5') => traffic.ofRequest({ headers, ip })

describe('a request of a web page', () => {
  it.each([
    ['a browser', PAGE, '203.0.113.5', null],
    ['a crawler', { ...PAGE, 'user-agent': CRAWLER }, '203.0.113.5', 'bot'],
    [
      'a crawler that only tells the site',
      { 'sec-fetch-site': 'cross-site', 'user-agent': CRAWLER },
      '203.0.113.5',
      'bot',
    ],
    ['a colleague in a block', PAGE, '192.0.2.200', 'internal'],
    ['a colleague at an address', PAGE, '198.51.100.7', 'internal'],
    ['a neighbour', PAGE, '198.51.100.8', null],
    ['a colleague with IPv6', PAGE, '2001:db8::5', 'internal'],
    ['a colleague, told as IPv4 in IPv6', PAGE, '::ffff:192.0.2.1', 'internal'],
    ['a colleague behind a proxy', { ...PAGE, 'x-forwarded-for': '192.0.2.1' }, '10.1.1.1', 'internal'],
    ['a visitor behind two proxies', { ...PAGE, 'x-forwarded-for': '203.0.113.9, 10.9.9.9' }, '::1', null],
    ['who claims to be a colleague', { ...PAGE, 'x-forwarded-for': '192.0.2.1' }, '203.0.113.5', null],
    [
      'who claims it before an honest proxy',
      { ...PAGE, 'x-forwarded-for': '192.0.2.1, 203.0.113.9' },
      '10.1.1.1',
      null,
    ],
    ['with a proxy that says nonsense', { ...PAGE, 'x-forwarded-for': 'unknown' }, '10.1.1.1', null],
  ])('of %s is flagged as what it is', (_, headers, ip, flag) => {
    expect(of(headers as Record<string, string>, ip)).toBe(flag)
  })
})

it('a request of a server says nothing of the customer, whatever its program and address', () => {
  for (const agent of ['curl/8.5.0', 'node', 'python-requests/2.32', CRAWLER])
    expect(of({ 'user-agent': agent, 'sec-fetch-mode': 'cors' }, '192.0.2.1')).toBeNull()
})

describe('an event', () => {
  it.each([
    ['of a valid request', {}, null, null],
    ["of a bot's request", {}, 'bot', 'bot'],
    ['without properties', { properties: null }, 'internal', 'internal'],
    ['that names a crawler', { properties: { user_agent: CRAWLER } }, null, 'bot'],
    ['that names a browser', { properties: { user_agent: BROWSER } }, 'bot', null],
    ['that names a browser, from a colleague', { properties: { user_agent: BROWSER } }, 'internal', 'internal'],
    ['that is flagged', { properties: { traffic: 'test', user_agent: CRAWLER } }, 'bot', null],
    ['with an empty flag', { properties: { traffic: '' } }, 'bot', 'bot'],
  ])('%s', (_, event, request, flag) => {
    expect(flagOf(event, request as 'bot' | 'internal' | null)).toBe(flag)
  })

  it('keeps all that it says beside the flag', () => {
    const event = { event_id: '1', properties: { shop: '7' } }
    expect(flagged(event, 'bot')).toEqual({ event_id: '1', properties: { shop: '7', traffic: 'bot' } })
    expect(event.properties).toEqual({ shop: '7' })
  })
})
