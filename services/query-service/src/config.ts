import { KiviError } from '@kivi/domain'
import { type Config, isLoopback, loadConfig } from '@kivi/service-kit'

/** The environment as a query service on its own needs it. */
export interface QueryConfig extends Pick<Config, 'http' | 'catalog' | 'retention' | 'ingest'> {
  readonly clickhouse: {
    readonly url: string
    readonly user: string
    readonly password: string
    readonly database: string
    readonly cluster?: string
  }
}

/** Throws config_invalid where the service cannot run with the environment. */
export function loadQueryConfig(env: Readonly<Record<string, string | undefined>>): QueryConfig {
  const config = loadConfig(env)
  assertProtected(config)
  const { url, user, password, database, cluster } = config.clickhouse
  if (url === null)
    throw new KiviError(
      'config_invalid',
      'KIVI_CLICKHOUSE_URL is not set: a query service on its own needs the address of ClickHouse, such as http://127.0.0.1:8123; `kivi start` brings an embedded one.',
    )
  return { ...config, clickhouse: { url, user, password, database, ...(cluster === null ? {} : { cluster }) } }
}

/** There are no keys yet: what others can reach is served only where someone has said so. */
export function assertProtected(config: Pick<Config, 'auth' | 'http'>): void {
  if (config.auth === 'off' || isLoopback(config.http.host)) return
  throw new KiviError(
    'config_invalid',
    `KIVI_HTTP_HOST is ${config.http.host}, which others can reach, and there are no keys to ask them for: use 127.0.0.1, or set KIVI_AUTH=off where something in front of Kivi guards it.`,
  )
}
