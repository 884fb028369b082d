/** Receivers behind the evaluator as it runs: who is told what and when, whatever the others do. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createSilenceStore } from '@kivi/clickhouse'
import { SMTPServer } from 'smtp-server'
import { expect, test, vi } from 'vitest'
import { Hook } from '../alerts/hook.ts'
import { catalogOf, createQueryFixture } from '../query/fixture.ts'
import { answer, hang, startOtherSide } from '../receivers/other-side.ts'
import { HOUR, MINUTE, openLoop } from './loop.ts'

// a dozen steps of a second each, on a machine that may be busy
vi.setConfig({ testTimeout: 120_000 })

const KIVI = 'timezone: UTC\ncurrency: EUR\nfiscal_year_start: 01-01\n'
const catalogWith = (alerts: string) => catalogOf({ 'kivi.yaml': KIVI, 'alerts.yaml': alerts })

/** Each receiver in a lane of its own, told at once. */
const routes = (...receivers: string[]) => `
route:
  receiver: ${receivers[0]}
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 4h
  routes:
${receivers.map(name => `    - { match: ['alertname="Stalled"'], receiver: ${name}, continue: true }`).join('\n')}
`
const STALLED = '  - { alert: Stalled, stalled: 60s, labels: { severity: page } }'

test('one that hangs delays no other: a webhook and a mail server are told the beginning and the end meanwhile', async () => {
  await using hook = await Hook.open()
  const dead = await startOtherSide()
  dead.behave(hang)
  let triedAtFirst: number | null = null
  hook.answering = (_, response) => {
    triedAtFirst ??= dead.taken.length
    response.end('ok')
  }
  const mails: string[] = []
  const smtp = new SMTPServer({
    ...{ authOptional: true, logger: false, closeTimeout: 1 },
    onData(stream, _, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(/^Subject: (.*)$/m.exec(Buffer.concat(chunks).toString())?.[1]?.trim() ?? '')
        done()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  try {
    const catalog = await catalogWith(`
alerts:
${STALLED}
receivers:
  dead: { type: webhook, url: '${dead.url}' }
  hook: { type: webhook, url: '${hook.url}' }
  mail: { type: email, host: 127.0.0.1, port: ${port}, tls: none, from: kivi@example.com, to: [ops@example.com] }
${routes('dead', 'hook', 'mail')}`)
    await using loop = await openLoop({ catalog, env: {} })
    await loop.reader.judged('Stalled', 0)
    loop.stall(true)
    await hook.until(() => hook.told.length === 1)
    loop.stall(false)
    await hook.until(() => hook.told.length === 2)
    await expect.poll(() => mails.length, { timeout: 20_000 }).toBe(2)
    expect(hook.lines).toEqual([expect.stringMatching(/^firing Stalled/), expect.stringMatching(/^resolved Stalled/)])
    expect(mails).toEqual([expect.stringContaining('Stalled'), expect.stringContaining('Stalled')])
    expect(mails[0]).not.toBe(mails[1])
    // the first one was told while the other one had been asked once at most, and that one never said anything
    expect(triedAtFirst).toBeLessThanOrEqual(1)
    await loop.reader.toEnd()
    const facts = loop.reader.facts.filter(fact => 'receiver' in fact && fact.receiver === 'dead')
    expect(facts.length).toBeGreaterThan(0)
    expect(facts.map(({ fact }) => fact)).not.toContain('delivered')
  } finally {
    await dead.stop()
    await new Promise<void>(resolve => smtp.close(resolve))
  }
})

test('an incident of PagerDuty is triggered, acknowledged by API and resolved under one key, and goes further up only while nobody cares', async () => {
  await using lead = await Hook.open()
  const pagerduty = await startOtherSide()
  pagerduty.behave(answer(202, { status: 'success', message: 'Event processed', dedup_key: 'x' }))
  try {
    const catalog = await catalogWith(`
alerts:
${STALLED}
receivers:
  on_call: { type: pagerduty, routing_key: { env: KEY }, url: '${pagerduty.url}' }
  lead: { type: webhook, url: '${lead.url}' }
  board: { type: webhook, url: '${lead.url}' }
route:
  receiver: on_call
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
  escalate: [{ after: 15m, receiver: lead }, { after: 45m, receiver: board }]
`)
    // the evaluator and the API share the log, and the store of what people say
    const stateOf: { states?: Awaited<ReturnType<typeof openLoop>>['states'] } = {}
    const kivi = await createQueryFixture(catalog, {
      now: new Date().toISOString(),
      states: () => stateOf.states!(),
    })
    try {
      await using loop = await openLoop({
        catalog,
        env: { KEY: 'routing' },
        silences: createSilenceStore(kivi.clickhouse),
      })
      stateOf.states = loop.states
      const events = () =>
        pagerduty.taken.map(({ body }) => JSON.parse(body) as { event_action: string; dedup_key: string })
      await loop.reader.judged('Stalled', 0)
      loop.stall(true)
      await pagerduty.took(1)
      await loop.quiet()
      expect(lead.told).toEqual([])

      loop.pass(16 * MINUTE)
      await lead.until(() => lead.told.length === 1)
      await loop.quiet()

      kivi.clock(loop.now())
      const { id } = [...loop.reader.state.instances.values()][0]!
      const path = `/v1/alerts/${id}/acknowledge`
      await expect
        .poll(async () => (await kivi.send('POST', path, { set_by: 'ann', comment: 'on it' })).status, {
          timeout: 20_000,
        })
        .toBeLessThan(300)
      await pagerduty.took(2)

      // neither the next one above nor a repetition
      const judged = loop.now() + 3 * HOUR
      loop.pass(3 * HOUR)
      await loop.reader.judged('Stalled', judged)
      expect(lead.told).toHaveLength(1)
      loop.stall(false)
      await pagerduty.took(3)
      await lead.until(() => lead.told.length === 2)
      await loop.quiet()

      expect(events().map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve'])
      expect(new Set(events().map(({ dedup_key }) => dedup_key)).size).toBe(1)
      expect(lead.told.map(({ receiver, status }) => `${receiver} ${status}`)).toEqual(['lead firing', 'lead resolved'])

      // the next one is a new one: nobody has acknowledged it
      loop.pass(MINUTE)
      loop.stall(true)
      await pagerduty.took(4)
      await loop.quiet()
      loop.pass(46 * MINUTE)
      await lead.until(() => lead.told.length === 4)
      expect(
        lead.told
          .slice(2)
          .map(({ receiver }) => receiver)
          .sort(),
      ).toEqual(['board', 'lead'])
    } finally {
      await kivi.close()
    }
  } finally {
    await pagerduty.stop()
  }
})

test('one that takes nothing for a day is given up, and that it does is told through another one once, until it takes something again', async () => {
  await using hook = await Hook.open()
  const chat = await startOtherSide()
  chat.behave(answer(500, 'down'))
  try {
    const catalog = await catalogWith(`
alerts:
${STALLED}
  - { alert: ReceiverFailing, undelivered: 15m, labels: { severity: page } }
receivers:
  chat: { type: webhook, url: '${chat.url}' }
  hook: { type: webhook, url: '${hook.url}' }
route:
  receiver: chat
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 4h
`)
    await using loop = await openLoop({ catalog, env: {} })
    await loop.reader.judged('Stalled', 0)
    loop.stall(true)
    const tried = (count: number) =>
      loop.reader.until(({ facts }) => facts.filter(({ fact }) => fact === 'in_doubt').length >= count)
    await tried(1)
    loop.pass(16 * MINUTE)
    await hook.until(() => hook.told.length === 1)
    expect(hook.told[0]?.alerts).toMatchObject([
      { status: 'firing', labels: { alertname: 'ReceiverFailing', receiver: 'chat' } },
    ])
    // half a day on it still tries
    loop.pass(12 * HOUR)
    await tried(3)
    loop.pass(12 * HOUR)
    await loop.reader.until(({ facts }) => facts.some(fact => fact.fact === 'given_up' && fact.receiver === 'chat'))
    // the alert about it goes on: that it is given up is no delivery
    const at = loop.now()
    await loop.reader.judged('ReceiverFailing', at - 10_000)
    loop.pass(20 * MINUTE)
    await loop.reader.judged('ReceiverFailing', at + 19 * MINUTE)
    const news = () => hook.told.filter(({ reason }) => reason === 'news')
    expect(news()).toHaveLength(1)
    const metrics = await loop.telemetry.registry.metrics()
    expect(metrics).toContain('kivi_alert_messages_given_up_total{receiver="chat"} 1')

    // back again, it hears of what still fires; and others of that it is back
    const requests = chat.taken.length
    chat.behave(answer(200, 'ok'))
    loop.pass(4 * HOUR)
    await chat.took(requests + 1)
    await loop.quiet()
    // to the next instant
    loop.pass(10_000)
    await hook.until(() => news().length === 2)
    expect(news()[1]?.alerts).toMatchObject([{ status: 'resolved', labels: { alertname: 'ReceiverFailing' } }])
    expect(JSON.parse(chat.taken.at(-1)!.body)).toMatchObject({ alerts: [{ labels: { alertname: 'Stalled' } }] })
  } finally {
    await chat.stop()
  }
})
