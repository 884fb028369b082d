import { createPointStore } from '@kivi/clickhouse'
import type { Catalog } from '@kivi/domain'
import { startEvaluator } from '@kivi/evaluator'
import { createLogger, createTelemetry, loadConfig, readiness } from '@kivi/service-kit'
import { expect, test } from 'vitest'
import { createStoreDatabase } from '../support/clickhouse-store.ts'
import { createWorld } from '../support/derived-world.ts'
import { PERSONS } from '../support/entities.ts'

const catalog = {
  timezone: 'UTC',
  fiscalYearStart: '01-01',
  entities: new Map([['person', PERSONS]]),
  linkedBy: [],
  indicators: new Map(),
  measures: new Map(),
  derivedMeasures: new Map(),
} as unknown as Catalog

const telemetryOf = () => createTelemetry(createLogger({ service: 'test', level: 'silent' }), { defaults: false })
const config = (env: Record<string, string> = {}) => loadConfig({ KIVI_DERIVE_INTERVAL: '100ms', ...env })

test('without raw events it runs, says why nothing is derived, and is ready', async () => {
  await using clickhouse = await createStoreDatabase()
  const telemetry = telemetryOf()
  const evaluator = await startEvaluator({
    clickhouse,
    catalog: () => catalog,
    config: config({ KIVI_RETENTION_RAW: '0' }),
    telemetry,
  })
  await expect.poll(() => readiness(evaluator.value.checks)).toMatchObject({ ready: true })
  expect(await telemetry.registry.metrics()).toContain('kivi_derived_impossible 1')
  await evaluator.stop()
  expect(
    await clickhouse.rows("SELECT name FROM system.tables WHERE name LIKE 'entity_%' AND database = currentDatabase()"),
  ).toEqual([])
})

test('it derives, tells how fresh the tables are and what it cost, and is not ready while ClickHouse is away', async () => {
  await using clickhouse = await createStoreDatabase()
  const world = createWorld(clickhouse, { now: Date.now })
  const time = Date.now() - 3_600_000
  await world.ingest([{ type: 'click', time, user: 'anna' }])
  await world.watermark(time)
  const telemetry = telemetryOf()
  let away = false
  const flaky = {
    ...clickhouse,
    rows: (...asked: Parameters<typeof clickhouse.rows>) =>
      away ? Promise.reject(new Error('away')) : clickhouse.rows(...asked),
  } as typeof clickhouse
  const evaluator = await startEvaluator({ clickhouse: flaky, catalog: () => catalog, config: config(), telemetry })
  try {
    const metrics = () => telemetry.registry.metrics()
    await expect.poll(metrics, { timeout: 20_000 }).toContain('kivi_derived_lag_seconds{table="person"} 0')
    await world.ingest([{ type: 'click', time: time + 1, user: 'bob' }])
    await expect.poll(metrics, { timeout: 20_000 }).toContain('kivi_derived_changed_keys_total{table="person"} 1')
    expect(await metrics()).toMatch(/kivi_derived_key_milliseconds\{table="person"\} [\d.]+/)
    expect(await metrics()).toContain('kivi_derived_built_ratio{table="person"} 1')
    away = true
    await expect
      .poll(() => readiness(evaluator.value.checks), { timeout: 20_000 })
      .toMatchObject({ ready: false, checks: { 'derived tables': 'away' } })
    away = false
    await expect.poll(() => readiness(evaluator.value.checks), { timeout: 20_000 }).toMatchObject({ ready: true })
  } finally {
    await evaluator.stop()
  }
  expect(await createPointStore(clickhouse).ends(0)).toEqual([])
})
