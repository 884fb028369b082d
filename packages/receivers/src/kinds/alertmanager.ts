/**
 * A real Alertmanager. It is synchronised instead of notified: it is told again and again what fires, each time with an
 * end in the near future, so that it resolves by itself what Kivi does not tell it any more.
 */
import type { Delivery, NotifiedAlert, Receiver, SendOptions } from '@kivi/domain'
import { attempt } from '../http/receiver.ts'
import type { KindArguments } from './arguments.ts'

/** How long after Kivi's last word an alert still fires there. */
const FIRES_ON_MS = 15 * 60_000
const ALERTS_PER_REQUEST = 1_000

export function alertmanager({ settings, secrets, dependencies }: KindArguments<'alertmanager'>): Receiver {
  const addresses = settings.urls.map(each => {
    const url = secrets.url(each)
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v2/alerts`
    return url
  })
  const { username, password } = settings
  const authorization =
    username === null
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${username}:${password === null ? '' : secrets.read(password)}`).toString('base64')}`,
        }
  const headers = { 'content-type': 'application/json', 'user-agent': 'kivi', ...authorization }

  async function sync(alerts: readonly NotifiedAlert[], options: SendOptions): Promise<Delivery> {
    const firesUntil = dependencies.now() + FIRES_ON_MS
    const bodies: string[] = []
    for (let at = 0; at < alerts.length; at += ALERTS_PER_REQUEST)
      bodies.push(JSON.stringify(alerts.slice(at, at + ALERTS_PER_REQUEST).map(alert => alertOf(alert, firesUntil))))
    // each of a cluster is told, as Prometheus does; they agree among themselves who notifies
    const outcomes = await Promise.all(addresses.map(url => tell(url, bodies, options)))
    return outcomes.find(({ kind }) => kind === 'delivered') ?? outcomes[0]!
  }

  async function tell(url: URL, bodies: readonly string[], options: SendOptions): Promise<Delivery> {
    let outcome: Delivery = { kind: 'delivered', answer: 'nothing to tell' }
    for (const body of bodies) {
      outcome = await attempt({ url, headers, body }, settings, {}, secrets, dependencies, options)
      if (outcome.kind !== 'delivered') return outcome
    }
    return outcome
  }

  return {
    name: settings.name,
    kind: settings.kind,
    sync,
    // a message of its own is sent only to try the receiver
    send: (notification, options) => sync(notification.alerts, options),
  }
}

const alertOf = (alert: NotifiedAlert, firesUntil: number) => ({
  labels: labelsOf(alert.labels),
  annotations: labelsOf(alert.annotations),
  startsAt: new Date(alert.startsAt).toISOString(),
  endsAt: new Date(alert.endsAt ?? firesUntil).toISOString(),
  ...(alert.url === null ? {} : { generatorURL: alert.url }),
})

/** Names as every Alertmanager takes them; `properties.policy` becomes `properties_policy`. */
function labelsOf(labels: Readonly<Record<string, string>>): Record<string, string> {
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries(labels)) {
    // an empty label is none
    if (value !== '') named[name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_')] = value
  }
  return named
}
