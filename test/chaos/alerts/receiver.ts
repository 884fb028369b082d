/** Receivers of all kinds that answer by HTTP, of which every nth request goes wrong, in all ways. */
import { Hook, type Told } from '../../integration/alerts/hook.ts'
import { chooseDeed, type Deed, TIMEOUT_S } from './deeds.ts'

/** Some get all campaigns in one group, the others each in its own. */
export const RECEIVERS = [
  { name: 'all', kind: 'webhook', groupBy: 'alertname' },
  { name: 'each', kind: 'webhook', groupBy: 'campaign' },
  { name: 'ding', kind: 'dingtalk', groupBy: 'campaign' },
  { name: 'lark', kind: 'feishu', groupBy: 'alertname' },
  { name: 'wecom', kind: 'wecom', groupBy: 'campaign' },
  { name: 'office', kind: 'teams', groupBy: 'campaign' },
] as const

/** A request that came as a whole, and what was done with it. */
export interface Heard extends Pick<Deed, 'did' | 'outcome' | 'retryAfterMs'> {
  /** when its head came, wall clock */
  readonly at: number
  readonly receiver: string
  readonly kind: string
  /** process that sent it */
  readonly sender: string
  readonly key: string
  readonly lane: string
  readonly sequence: number
  readonly body: string
}

/** Address of a receiver, as its environment variable has it: the sender says who it is. */
export const addressOf = (base: string, name: string, sender: string): string => `${base}/${name}?sender=${sender}`
export const variableOf = (name: string): string => `${name.toUpperCase()}_URL`

/** Receivers and routes of the catalog. */
export function receiversYaml(base: string): string {
  const receivers = RECEIVERS.map(({ name, kind }) =>
    kind === 'webhook'
      ? `  ${name}: { type: webhook, url: '${base}/${name}', timeout: ${TIMEOUT_S}s, headers: { x-sender: { env: SENDER } } }`
      : `  ${name}: { type: ${kind}, url: { env: ${variableOf(name)} }, timeout: ${TIMEOUT_S}s }`,
  )
  const routes = RECEIVERS.map(
    ({ name, groupBy }, i) =>
      `    - { receiver: ${name}, match: ['alertname="CtrLow"'], group_by: [${groupBy}]${i < RECEIVERS.length - 1 ? ', continue: true' : ''} }`,
  )
  return `receivers:
${receivers.join('\n')}
route:
  receiver: all
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1d
  routes:
${routes.join('\n')}
`
}

export interface Receivers extends AsyncDisposable {
  /** without the receiver's name */
  readonly base: string
  /** in the order in which they came */
  readonly heard: readonly Heard[]
  /** so long the run still takes, ms; 0: from now on all goes well */
  left: number
}

export async function openReceivers(random: () => number): Promise<Receivers> {
  const hook = await Hook.open()
  const heard: Heard[] = []
  const receivers: Receivers = {
    base: new URL(hook.url).origin,
    heard,
    left: 0,
    [Symbol.asyncDispose]: () => hook[Symbol.asyncDispose](),
  }
  hook.answering = ({ at, sender, body }: Told, response, { headers, url = '' }) => {
    const { pathname, searchParams } = new URL(url, hook.url)
    const receiver = pathname.slice(1)
    const kind = RECEIVERS.find(({ name }) => name === receiver)?.kind ?? 'webhook'
    const { act, did, outcome, retryAfterMs } = chooseDeed(kind, random() < 0.35, receivers.left, random)
    heard.push({
      ...{ at, receiver, kind, body, did, outcome },
      sender: sender || (searchParams.get('sender') ?? ''),
      key: String(headers['idempotency-key']),
      lane: decodeURIComponent(String(headers['kivi-lane'])),
      sequence: Number(headers['kivi-sequence']),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
    void act(response)
  }
  return receivers
}
