/** A shop with four weeks behind it and the query service before it: what a person has who opens the dashboard. */
import {
  type ClickHouse,
  createAlertHistoryStore,
  createClickHouse,
  createJourneySource,
  createKeyStore,
  createMeasureSource,
  createSilenceStore,
  createSliceReader,
  createSteeringStore,
  createSystemSource,
  migrate,
} from '@kivi/clickhouse'
import { type Catalog, createZone, type Role, type Scope } from '@kivi/domain'
import { createQueryService, type QueryService, type QueryServiceDeps } from '@kivi/query-service'
import { createKey, createKeyring, createLogger, createTelemetry } from '@kivi/service-kit'
import { localTimeIn } from '../../../services/standalone/src/demo/rhythm.ts'
import { openStorefront } from '../../../services/standalone/src/demo/storefront.ts'
import type { GivenEvent } from '../../independent/history.ts'
import { type AlertLog, openAlertLog } from '../../support/alert-log.ts'
import { buildDashboard } from '../../support/build-dashboard.ts'
import { KEPT_FOREVER } from '../../support/clickhouse-store.ts'
import { builtDashboard, clickhouseUrl, uniqueName } from '../../support/index.ts'
import { createFollower, ingest, passWatermark, WATERMARK } from '../indicators/ingest.ts'
import { shippedCatalog } from '../indicators/world.ts'

const DAY = 86_400_000
const SECONDS_KNOWN = 30_000
const EVENTS_PER_SECOND = 0.03
const SET_AT = '2026-02-01T00:00:00Z'

/** What every clock says, of the service and of the browser. */
export const NOW = Date.parse('2026-03-10T14:30:10Z')

export interface ShopOptions {
  /** the catalog; default the shipped one */
  readonly catalog?: Catalog
  /** days of history; default 28 */
  readonly days?: number
  /** targets grow with it; default 0.03 */
  readonly eventsPerSecond?: number
  /** callers need keys */
  readonly keys?: boolean
  /** URL of ClickHouse; default that of the run of the tests */
  readonly clickhouse?: string
  /** for parts of the service that this does not compose */
  readonly deps?: Partial<QueryServiceDeps>
}

export interface Shop extends AsyncDisposable {
  readonly url: string
  /** folder of the dashboard that it serves */
  readonly built: URL
  readonly service: QueryService
  readonly clickhouse: ClickHouse
  readonly catalog: Catalog
  /** what the service answers, as a browser would hear it */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  get(path: string): Promise<any>
  /** sets something, such as a target, an action or the North Star; anything but a success fails */
  send(method: 'PUT' | 'POST', path: string, body: unknown): Promise<void>
  /** more happens: events of the time up to `to`, which the clock then shows */
  more(events: readonly GivenEvent[], to: number): Promise<void>
  /** what whoever judges the alerts has to say; nobody leads until a test does */
  readonly alerts: AlertLog
  /** a new key */
  key(roles: readonly Role[], scope?: Scope | null): Promise<string>
  clock(now: number): void
}

/** The shipped catalog, full of what the simulated storefront did until `NOW`. */
export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const [built, catalog] = await Promise.all([dashboardBuilt(), options.catalog ?? shippedCatalog()])
  const clickhouse = createClickHouse({
    url: options.clickhouse ?? (await clickhouseUrl()),
    database: uniqueName('dashboard'),
  })
  await migrate(clickhouse, { retention: KEPT_FOREVER })
  let now = NOW
  let position = 0
  let histories = 0
  const zone = createZone(catalog.timezone)
  const slices = createSliceReader(clickhouse, { zone: () => zone })
  const derive = createFollower(clickhouse, catalog, slices, () => now)
  const bring = async (events: readonly GivenEvent[], to: number) => {
    await ingest(clickhouse, catalog, events, { lineage: `shop${histories++}`, stamp: to })
    position += events.length
    await passWatermark(clickhouse, position, to - SECONDS_KNOWN)
    await derive()
  }
  // tables that serve already follow the ledger, as they do in a running Kivi
  await derive()
  await bring(demo(catalog, options), NOW)

  const telemetry = createTelemetry(createLogger({ service: 'query-service', level: 'error' }), { defaults: false })
  const keys = createKeyStore(clickhouse)
  const alerts = await openAlertLog(() => now)
  const service = await createQueryService({
    catalog: () => catalog,
    source: createMeasureSource({ clickhouse, slices, rawRetentionMs: KEPT_FOREVER.raw, now: () => now }),
    journeys: createJourneySource({ clickhouse }),
    steering: createSteeringStore(clickhouse),
    system: createSystemSource(clickhouse),
    alerting: {
      states: alerts.states,
      silences: createSilenceStore(clickhouse),
      history: createAlertHistoryStore(clickhouse),
    },
    telemetry,
    http: { host: '127.0.0.1', port: 0 },
    retention: KEPT_FOREVER,
    ...WATERMARK,
    freshnessMs: 0,
    now: () => now,
    dashboard: built.url,
    ...(options.keys === true ? { keys: createKeyring({ store: keys, telemetry, now: () => now }) } : {}),
    ...options.deps,
  })
  const url = await service.start()
  const send = async (method: 'PUT' | 'POST', path: string, body: unknown): Promise<void> => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(new URL(path, url), init)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  if (options.keys !== true) {
    // a target of the past would rewrite it: these were set then
    now = Date.parse(SET_AT)
    await steer(send, (options.eventsPerSecond ?? EVENTS_PER_SECOND) / EVENTS_PER_SECOND)
    now = NOW
  }
  return {
    url,
    built: built.url,
    service,
    clickhouse,
    catalog,
    alerts,
    async get(path) {
      const response = await fetch(new URL(path, url))
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    send,
    async more(events, to) {
      now = to
      await bring(events, to)
    },
    async key(roles, scope = null) {
      const { secret, key } = createKey({ name: roles.join('-'), roles, scope }, now)
      await keys.add(key)
      return secret
    },
    clock(to) {
      now = to
    },
    async [Symbol.asyncDispose]() {
      await service.stop()
      await alerts.close()
      await clickhouse.command(`DROP DATABASE ${clickhouse.database}`)
      await clickhouse.close()
      await built.remove()
    },
  }
}

/** What people set before anybody looks: targets that are reached, missed and nearly reached. */
async function steer(send: Shop['send'], busier: number): Promise<void> {
  const targets: ReadonlyArray<[id: string, value: number, per: string | null]> = [
    ['net_revenue', 200, 'day'],
    ['purchases', 11, 'day'],
    ['dau', 180, null],
    ['visitors', 400, 'day'],
  ]
  for (const [id, value, per] of targets) {
    const items = [{ value: Math.round(value * busier), from: SET_AT, ...(per === null ? {} : { per }) }]
    await send('PUT', `/v1/targets/${id}`, { items, reason: 'plan of the spring', set_by: 'ada' })
  }
}

/** What happened in the simulated storefront, the same at every run. */
function demo(catalog: Catalog, { days = 28, eventsPerSecond = EVENTS_PER_SECOND }: ShopOptions): GivenEvent[] {
  const openedAt = NOW - days * DAY
  const shop = openStorefront({ seed: 7, eventsPerSecond, localTime: localTimeIn(catalog.timezone), openedAt })
  return shop.eventsBetween(openedAt, NOW - SECONDS_KNOWN).map(event => ({
    ...event,
    event_time: new Date(event.event_time).toISOString(),
  }))
}

/** That of the run of the tests; outside of one, one of its own. */
async function dashboardBuilt(): Promise<{ readonly url: URL; remove(): Promise<void> }> {
  const url = await builtDashboard()
  return url === undefined ? buildDashboard() : { url, remove: async () => {} }
}
