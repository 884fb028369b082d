/**
 * Whose doing a request's events are. They are flagged in `properties.traffic` and taken like all others: the catalog
 * decides what counts.
 *
 * A request of a web page (browsers name the page's origin, programs do not) speaks for the browser that sends it: its
 * User-Agent and its address are the visitor's. A server's are the server's own, and say nothing of the customer.
 */
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { isbot } from 'isbot'

export type Flag = 'bot' | 'internal'

export interface TrafficOptions {
  /** addresses of the company's own people: single ones, or blocks such as 192.0.2.0/24 */
  readonly internal: readonly string[]
  /** addresses of proxies that say in X-Forwarded-For for whom they ask */
  readonly proxies: readonly string[]
}

export interface Traffic {
  /** what the request's own headers and address tell; null: nothing */
  ofRequest(request: Pick<FastifyRequest, 'headers' | 'ip'>): Flag | null
}

export function createTraffic({ internal, proxies }: TrafficOptions): Traffic {
  const [isInternal, isProxy] = [membership(internal), membership(proxies)]

  /** The nearest address that is no proxy's: what lies beyond it in the header, anybody could have written. */
  function clientOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): string {
    const told = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .map(address => address.trim())
      .filter(address => isIP(address) !== 0)
    let client = ip
    while (isProxy(client) && told.length > 0) client = told.pop()!
    return client
  }

  return {
    ofRequest(request) {
      const { headers } = request
      const ofPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
      if (!ofPage) return null
      if (isbot(headers['user-agent'])) return 'bot'
      return isInternal(clientOf(request)) ? 'internal' : null
    },
  }
}

/**
 * The flag that an event gets; null: none, or it has one already. An event that names the visitor's user agent itself
 * (properties.user_agent), as servers do on their behalf, is judged by that.
 */
export function flagOf(event: Readonly<Record<string, unknown>>, request: Flag | null): Flag | null {
  const { traffic, user_agent: agent } = propertiesOf(event)
  if (typeof traffic === 'string' && traffic !== '') return null
  if (typeof agent === 'string' && agent !== '') {
    if (isbot(agent)) return 'bot'
    // whose browser it was is known now, from where it came is still the request's
    return request === 'internal' ? request : null
  }
  return request
}

/** The event with the flag. */
export const flagged = (event: Readonly<Record<string, unknown>>, flag: Flag): Readonly<Record<string, unknown>> => ({
  ...event,
  properties: { ...propertiesOf(event), traffic: flag },
})

const propertiesOf = ({ properties }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {}

function membership(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (length === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(length), family)
  }
  return address => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
