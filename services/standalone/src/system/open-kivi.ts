/** What a command works on: the Kivi that runs, else engine and services of its own until the command is done. */

import type { ClickHouse } from '@kivi/clickhouse'
import { type Catalog, type EventLog, KiviError } from '@kivi/domain'
import { type Config, createLogger, createTelemetry, Lifecycle, type Telemetry } from '@kivi/service-kit'
import { openClickHouse, openEventLog } from './adapters.ts'
import { requireCatalog } from './catalog.ts'
import { startChild } from './child-process.ts'
import { type DataDirectory, holdDirectory, openDataDirectory } from './data-directory.ts'
import type { Endpoint } from './endpoint.ts'
import { locateKivi } from './locate.ts'
import { startQueryService } from './query.ts'
import { kiviArguments, startStore } from './start-services.ts'

type Environment = Readonly<Record<string, string | undefined>>

export class OpenKivi implements AsyncDisposable {
  readonly config: Config
  readonly endpoint: Endpoint | null
  readonly directory: DataDirectory
  readonly #env: Environment
  readonly #lifecycle: Lifecycle
  readonly #telemetry: Telemetry
  #clickhouseUrl: Promise<string> | null = null
  #api: Promise<string> | null = null

  constructor(config: Config, endpoint: Endpoint | null, directory: DataDirectory, env: Environment) {
    this.config = config
    this.endpoint = endpoint
    this.directory = directory
    this.#env = env
    const logger = createLogger({ service: 'kivi', level: 'warn' })
    this.#telemetry = createTelemetry(logger, { defaults: false })
    this.#lifecycle = new Lifecycle({ logger })
  }

  /** Throws catalog_invalid. */
  catalog(): Promise<Catalog> {
    return requireCatalog(this.config)
  }

  /** ClickHouse with its tables. */
  async clickhouse(): Promise<ClickHouse> {
    const url = await this.#store()
    return this.#lifecycle.start('ClickHouse client', async () => openClickHouse(this.config, url))
  }

  async log(): Promise<EventLog> {
    return this.#lifecycle.start('event log', () => openEventLog(this.config, this.directory, this.#telemetry.logger))
  }

  /**
   * URL of a query service.
   * @param withLog one that reads the event log too, where it is to be started for this command
   */
  async api(withLog = false): Promise<string> {
    if (this.endpoint?.url != null) return this.endpoint.url
    this.#api ??= this.#ownApi(withLog)
    return this.#api
  }

  async #ownApi(withLog: boolean): Promise<string> {
    const log = withLog ? await this.log() : null
    const [config, telemetry] = [this.config, this.#telemetry]
    const [catalog, clickhouse] = [await this.catalog(), await this.clickhouse()]
    const http = { host: '127.0.0.1', port: 0 }
    return this.#lifecycle.start('query-service', () =>
      startQueryService({
        config,
        catalog: () => catalog,
        clickhouse,
        telemetry,
        http,
        keys: null,
        log,
        collect: null,
      }),
    )
  }

  /**
   * Somebody ingests: the Kivi that runs, or a worker for this command. With Kafka and a ClickHouse elsewhere the
   * workers are elsewhere too, and none is started here.
   */
  async worker(): Promise<'here' | 'elsewhere'> {
    if (this.endpoint !== null) return 'here'
    if (this.config.kafka !== null && this.config.clickhouse.url !== null) return 'elsewhere'
    const url = await this.#store()
    const env = {
      ...this.#env,
      KIVI_DATA_DIR: this.directory.path,
      KIVI_CLICKHOUSE_URL: url,
      KIVI_DEMO: 'off',
      KIVI_METRICS_PORT: '0',
    }
    await this.#lifecycle.start(
      'ingest-worker',
      () =>
        startChild({
          name: 'ingest-worker',
          argv: kiviArguments('ingest-worker', '--quiet'),
          env,
          logger: this.#telemetry.logger,
          readyWithinMs: 60_000,
          onExit: reason => this.#telemetry.logger.error(`the ingest-worker is gone: ${reason}`),
        }),
      { stopDeadlineMs: 15_000 },
    )
    return 'here'
  }

  #store(): Promise<string> {
    this.#clickhouseUrl ??= this.endpoint !== null ? Promise.resolve(this.endpoint.clickhouse) : this.#ownStore()
    return this.#clickhouseUrl
  }

  async #ownStore(): Promise<string> {
    if (this.config.clickhouse.url === null)
      await this.#lifecycle.start('data directory', () => holdDirectory(this.directory, 'kivi'))
    return startStore(
      { config: this.config, directory: this.directory, lifecycle: this.#lifecycle, telemetry: this.#telemetry },
      0,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lifecycle.stop()
  }
}

export async function openKivi(env: Environment): Promise<OpenKivi> {
  const { config, endpoint } = await locateKivi(env)
  return new OpenKivi(config, endpoint, await openDataDirectory(config), env)
}

/** GET from the API; an answer that is no success is thrown with what it says. */
export async function askApi(
  kivi: OpenKivi,
  path: string,
  signal: AbortSignal,
  { withLog = false }: { readonly withLog?: boolean } = {},
): Promise<unknown> {
  const base = await kivi.api(withLog)
  const { key } = kivi.config
  let response: Response
  try {
    response = await fetch(new URL(path, base), {
      signal,
      ...(key === null ? {} : { headers: { authorization: `Bearer ${key}` } }),
    })
  } catch (error) {
    throw new KiviError('store_unreachable', `Kivi does not answer at ${base}: ${(error as Error).message}.`, {
      cause: error,
    })
  }
  const body = (await response.json()) as { detail?: string; title?: string }
  if (response.ok) return body
  const text = body.detail ?? body.title ?? `status ${response.status}`
  if (response.status === 401) throw new KiviError('usage', `${text} Commands send the one that KIVI_KEY holds.`)
  throw new KiviError(response.status < 500 ? 'usage' : 'store_unreachable', text)
}
