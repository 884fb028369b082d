/** Every variable that Kivi reads, in one table: the config, the README and their test all come from here. */
import { LONGEST_HORIZON } from '@kivi/domain'
import * as v from './variables.ts'

export const ENVIRONMENT = {
  KIVI_DATA_DIR: v.optional(
    v.directory,
    'where the embedded engine and the embedded log keep their data; `./data`, or `./data/demo` with the demo',
  ),
  KIVI_HTTP_HOST: v.required(v.text, '127.0.0.1', 'address on which query service and collector listen'),
  KIVI_HTTP_PORT: v.required(
    v.port,
    '8080',
    'port of the query service and the board; in one process also the collector',
  ),
  KIVI_HTTP_CORS_ORIGINS: v.optional(
    v.origins,
    'origins (`https://intranet.example.org,…`) whose pages may ask Kivi from a browser',
  ),
  KIVI_COLLECTOR_PORT: v.required(v.port, '8081', 'port of a collector that runs on its own'),
  KIVI_INTERNAL_ADDRESSES: v.optional(
    v.networks,
    'addresses and blocks (`192.0.2.0/24,…`) of your own people: what web pages send to the collector from there is flagged as internal',
  ),
  KIVI_PROXY_ADDRESSES: v.optional(
    v.networks,
    'addresses and blocks of proxies before the collector, whose `X-Forwarded-For` is believed',
  ),
  KIVI_METRICS_PORT: v.required(
    v.port,
    '0',
    'port of metrics and health of ingest-worker and evaluator; 0: any, logged',
  ),
  KIVI_KAFKA_BROKERS: v.optional(v.brokers, 'Kafka brokers `host:port,…`; without it the embedded log is used'),
  KIVI_KAFKA_SASL_MECHANISM: v.optional(
    v.oneOf(['plain', 'scram-sha-256', 'scram-sha-512']),
    'how to log in to Kafka: `plain`, `scram-sha-256`, `scram-sha-512`; without it no login',
  ),
  KIVI_KAFKA_SASL_USERNAME: v.optional(v.text, 'user name for Kafka'),
  KIVI_KAFKA_SASL_PASSWORD: v.optional(v.text, 'password for Kafka', true),
  KIVI_KAFKA_TLS_ENABLED: v.required(v.onOff, 'off', 'TLS to Kafka; on by itself when one of the TLS files is given'),
  KIVI_KAFKA_TLS_CA_FILE: v.optional(v.file, "PEM file of the authority that signed the brokers' certificates"),
  KIVI_KAFKA_TLS_CERT_FILE: v.optional(v.file, 'PEM file of the client certificate'),
  KIVI_KAFKA_TLS_KEY_FILE: v.optional(v.file, "PEM file of the client certificate's key"),
  KIVI_SCHEMA_REGISTRY_URL: v.optional(
    v.httpUrl,
    'Schema Registry that resolves the schema ids of Avro messages; user and password may stand in the URL',
    true,
  ),
  KIVI_TOPIC_EVENTS: v.required(v.topicName, 'kivi.events', 'topic of the events'),
  KIVI_TOPIC_DEAD: v.required(v.topicName, 'kivi.events.dead', 'topic of the dead letters'),
  KIVI_TOPIC_ALERTS: v.required(v.topicName, 'kivi.alerts', "topic of the alerts' state"),
  KIVI_GROUP_ID: v.required(v.topicName, 'kivi-ingest', 'consumer group of the ingest-workers'),
  KIVI_CLICKHOUSE_URL: v.optional(v.httpUrl, 'ClickHouse over HTTP; without it the embedded engine is used'),
  KIVI_CLICKHOUSE_USER: v.required(v.text, 'default', 'user of ClickHouse'),
  KIVI_CLICKHOUSE_PASSWORD: v.optional(v.text, 'password for ClickHouse', true),
  KIVI_CLICKHOUSE_DATABASE: v.required(v.sqlName, 'kivi', 'database that holds all tables'),
  KIVI_CLICKHOUSE_CLUSTER: v.optional(v.sqlName, 'cluster on which the tables are made'),
  KIVI_CLICKHOUSE_PORT: v.optional(
    v.port,
    'port of the embedded engine; a free one, or `8123` for `kivi start embedded-clickhouse`',
  ),
  KIVI_CATALOG: v.required(v.directory, './catalog', 'directory of the catalog'),
  KIVI_RETENTION_10S: v.required(v.retention(86_400_000), '7d', 'how long slices of 10 seconds are kept'),
  KIVI_RETENTION_15M: v.required(v.retention(86_400_000), 'forever', 'how long slices of 15 minutes are kept'),
  KIVI_RETENTION_DAY: v.required(v.retention(86_400_000), 'forever', 'how long slices of a day are kept'),
  KIVI_RETENTION_RAW: v.required(
    v.retention(0),
    '400d',
    'how long raw events are kept, and how old an event may be when it comes; `0`: none are kept, any age may come',
  ),
  KIVI_DUPLICATE_HORIZON: v.required(
    v.duration(0, LONGEST_HORIZON),
    '1h',
    'how long after an event its repetition is recognised; at most `24d`',
  ),
  KIVI_FLUSH_INTERVAL: v.required(v.duration(10), '1s', 'longest time that events wait to be written'),
  KIVI_DISORDER: v.required(
    v.duration(),
    '30s',
    'how far events may come out of order before their window is complete',
  ),
  KIVI_CLOCK_SKEW: v.required(v.duration(), '5m', 'how far in the future of its record an event may lie'),
  KIVI_IDLE_AFTER: v.required(v.duration(1), '30s', 'silence after which the watermark follows the clock'),
  KIVI_DERIVE_INTERVAL: v.required(
    v.duration(100),
    '10s',
    'how often the evaluator brings derived tables and recorded indicators up to date',
  ),
  KIVI_EXTERNAL_URL: v.optional(
    v.httpUrl,
    'address of the pages as people reach them, for links in messages about alerts',
  ),
  KIVI_ALERTS_CATCH_UP: v.required(
    v.duration(60_000),
    '24h',
    'how long ago missed instants of alert rules are still judged; at least an hour less than `KIVI_RETENTION_10S`',
  ),
  KIVI_ALERTS_PING_URL: v.optional(
    v.httpUrl,
    "address of a dead man's switch outside, asked every minute while alerts are judged",
    true,
  ),
  KIVI_DEMO: v.required(v.onOff, 'off', 'the simulated storefront; `npm start` turns it on'),
  KIVI_AUTH: v.optional(
    v.oneOf(['off', 'required']),
    'whether requests need a key: `off` on a loopback address, else `required`',
  ),
  KIVI_RATE_LIMIT: v.optional(
    v.count(1),
    'most requests a minute by one key, or from one address where no keys are needed; with keys `60000`, else any number',
  ),
  KIVI_STREAMS: v.required(v.count(0), '2000', 'most live streams (`GET /v1/stream`) that are open at a time'),
  KIVI_STREAMS_PER_KEY: v.required(v.count(1), '500', 'most of them with one key'),
  KIVI_KEY: v.optional(v.text, 'key with which `kivi value` and `kivi board` ask a Kivi that needs one', true),
} as const

export type VariableName = keyof typeof ENVIRONMENT
