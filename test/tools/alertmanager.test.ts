/** A real Alertmanager and its amtool see what Kivi tells them: alerts, their end, and what is silenced there. */
import type { NotifiedAlert, Receiver } from '@kivi/domain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alert, attempt, receiverOf, settingsOf } from '../integration/receivers/messages.ts'
import { type OtherSide, startOtherSide } from '../integration/receivers/other-side.ts'
import { type Alertmanager, startAlertmanager } from './alertmanager.ts'

let alertmanager: Alertmanager
let chat: OtherSide
let receiver: Receiver

beforeAll(async () => {
  chat = await startOtherSide()
  alertmanager = await startAlertmanager(chat.url)
  receiver = receiverOf(settingsOf('alertmanager', alertmanager.url), { env: {}, now: () => Date.now() })
})

afterAll(async () => {
  await alertmanager?.stop()
  await chat?.stop()
})

const query = (...args: readonly string[]) => alertmanager.query(...args)
const campaigns = async (...args: readonly string[]) =>
  (await query(...args)).map(({ labels }) => labels['campaign']).sort()

const tell = async (...alerts: readonly NotifiedAlert[]) =>
  expect(await receiver.sync!(alerts, attempt())).toMatchObject({ kind: 'delivered' })

const began = Date.now() - 60_000
const firing = (n: number) =>
  alert(n, {
    startsAt: began,
    labels: { alertname: 'CtrLow', severity: 'page', campaign: `spring ${n}`, 'properties.policy': 'a/b', empty: '' },
  })

test('amtool sees what fires, until fifteen minutes from now', async () => {
  await tell(firing(1), firing(2))
  const shown = await query()
  expect(shown.map(({ labels }) => labels['campaign']).sort()).toEqual(['spring 1', 'spring 2'])
  const first = shown.find(({ labels }) => labels['campaign'] === 'spring 1')!
  expect(first.labels).toEqual({
    alertname: 'CtrLow',
    severity: 'page',
    campaign: 'spring 1',
    properties_policy: 'a/b',
  })
  expect(first.annotations['summary']).toBe('CTR of spring 1 is 1.2 %')
  expect(Date.parse(first.startsAt)).toBe(began)
  expect(first.generatorURL).toBe('https://kivi.example/alerts/1')
  const left = Date.parse(first.endsAt) - Date.now()
  expect(left).toBeGreaterThan(14 * 60_000)
  expect(left).toBeLessThanOrEqual(15 * 60_000)
})

test('telling it again changes nothing but the end; Alertmanager notifies its own receiver of each once', async () => {
  await tell(firing(1), firing(2))
  await tell(firing(1), firing(2))
  expect(await campaigns()).toEqual(['spring 1', 'spring 2'])
  const told = () => chat.taken.map(({ body }) => JSON.parse(body) as { status: string; alerts: object[] })
  while (told().at(-1)?.alerts.length !== 2) await chat.took(chat.taken.length + 1)
  // what began long ago it tells at once: it may have had one of the two by then, and tells both when it has the other
  expect([
    [['firing', 2]],
    [
      ['firing', 1],
      ['firing', 2],
    ],
  ]).toContainEqual(told().map(({ status, alerts }) => [status, alerts.length]))
})

test('what is silenced there is silent there', async () => {
  const id = (
    await alertmanager.amtool('silence', 'add', '--duration=1h', '--comment=moving', 'campaign=spring 1')
  ).trim()
  await tell(firing(1), firing(2))
  expect(await campaigns()).toEqual(['spring 2'])
  expect(await campaigns('--silenced')).toEqual(['spring 1'])
  await alertmanager.amtool('silence', 'expire', id)
  expect(await campaigns()).toEqual(['spring 1', 'spring 2'])
})

test('an end ends it there, and its receiver hears of it', async () => {
  await tell(firing(1), { ...firing(2), status: 'resolved', endsAt: Date.now() - 1_000 })
  expect(await campaigns()).toEqual(['spring 1'])
  const told = () =>
    chat.taken.flatMap(
      ({ body }) => (JSON.parse(body) as { alerts: { status: string; labels: { campaign: string } }[] }).alerts,
    )
  const ended = () => told().filter(({ status }) => status === 'resolved')
  while (ended().length === 0) await chat.took(chat.taken.length + 1)
  expect(ended().map(({ labels }) => labels.campaign)).toEqual(['spring 2'])
})

test('ten thousand alerts are told at once', async () => {
  await tell(...Array.from({ length: 10_000 }, (_, i) => firing(i)))
  expect((await query()).length).toBe(10_000)
})

test('an address that is none of Alertmanager is for a person to mend', async () => {
  const wrong = receiverOf(settingsOf('alertmanager', `${alertmanager.url}/nowhere`), { env: {} })
  expect(await wrong.sync!([firing(1)], attempt())).toMatchObject({
    kind: 'failed',
    answer: expect.stringContaining('404'),
  })
})
