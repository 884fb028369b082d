import { existsSync } from 'node:fs'
import { createClient } from '@clickhouse/client'
import { Kafka, logLevel } from 'kafkajs'
import { expect, test } from 'vitest'
import { clickhouseUrl, createDatabase, createTopic, kafkaBrokers, registryUrl } from './index.ts'
import { LONGEST } from './longest-first.ts'

test('the run has a real Kafka', async () => {
  const topic = await createTopic({ partitions: 3, config: { 'message.timestamp.type': 'LogAppendTime' } })
  const admin = new Kafka({ brokers: await kafkaBrokers(), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  expect(topics[0]?.partitions).toHaveLength(3)
})

test('the run has a real ClickHouse', async () => {
  const client = createClient({ url: await clickhouseUrl(), database: await createDatabase() })
  const answer = await client.query({
    query: 'SELECT uniqCombined64(number) AS n FROM numbers(10)',
    format: 'JSONEachRow',
  })
  expect(await answer.json()).toEqual([{ n: 10 }])
  await client.close()
})

test('the run has a real Schema Registry, which says of an id that it does not know it', async () => {
  const answer = await fetch(`${await registryUrl()}/schemas/ids/999999`)
  expect(answer.status).toBe(404)
  expect(await answer.json()).toMatchObject({ error_code: 40403 })
})

test('the files that begin first are there', () => {
  expect(LONGEST.filter(file => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([])
})
