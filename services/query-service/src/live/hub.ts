import { setImmediate as pause, setTimeout as sleep } from 'node:timers/promises'
import type { AlertFeed, AlertNotice, Catalog } from '@kivi/domain'
import type { View } from '../access/view.ts'
import type { AnswerService, AskedBoard } from '../answer-service.ts'
import type { QueryEvents } from '../telemetry.ts'
import { type Channel, createChannel, type Problem } from './channel.ts'
import { type Client, createClient, type EndReason, type Sink } from './client.ts'
import { eventText, parseId } from './event-text.ts'
import { createPlaces, type LiveLimits } from './limits.ts'

export interface HubOptions {
  readonly answers: Pick<AnswerService, 'within'>
  readonly alerts: AlertFeed
  /** the one in force */
  readonly catalog: () => Catalog
  /** whether the key, told by its hash, still opens anything */
  readonly holds: (key: string) => Promise<boolean>
  readonly problemOf: (error: unknown) => Problem
  readonly limits: LiveLimits
  readonly events: QueryEvents
  /** monotonic, ms */
  readonly clock: () => number
  readonly random: () => number
}

interface Joining {
  readonly view: View
  /** hash of the key; null where none is needed */
  readonly caller: string | null
  readonly asked: AskedBoard
  readonly lastEventId: string | undefined
}

/** A place that is kept, and the board that is shown first. It is given back when the stream ends, or by `leave`. */
interface Admission {
  join(sink: Sink): void
  leave(): void
}

export interface LiveHub {
  /** Throws streams_full, too_many_streams, and what the question of the board throws. */
  admit(joining: Joining): Promise<Admission>
  /** ends all streams; resolves when they are gone */
  stop(): Promise<void>
}

/** All streams of the service. Nothing is asked for while nobody watches. */
export function createLiveHub(options: HubOptions): LiveHub {
  const { answers, alerts, limits, events } = options
  const channels = new Map<string, Channel>()
  const clients = new Set<Client>()
  /** connections, until they are gone */
  const open = new Set<Sink>()
  const places = createPlaces(limits, limit => events.stream_refused({ limit }))
  const stopping = new AbortController()
  let running = false

  const sees = (view: View, { indicator, by }: AlertNotice): boolean => {
    if (view.scope === null) return true
    const about = indicator === null ? undefined : options.catalog().indicators.get(indicator)
    return about !== undefined && view.sees(about) && view.seesSegment(by)
  }
  const tell = (notice: AlertNotice, listeners: Iterable<Client>): void => {
    const text = eventText('alert', notice.alert)
    for (const client of listeners) if (sees(client.view, notice)) client.tell(text, notice.position)
  }
  /** Alerts that changed while the client was away; one that comes for the first time asks for them itself. */
  const replay = (client: Client, position: number): void => {
    const missed = alerts.since(position)
    if (missed === null || missed.length > limits.waitingAlerts) client.startOver(alerts.newest())
    else for (const notice of missed) tell(notice, [client])
  }
  const unsubscribe = alerts.subscribe(notice => tell(notice, [...clients]))

  /** The keys in use that open nothing any more. */
  const revoked = async (): Promise<ReadonlySet<string>> => {
    const callers = [...new Set([...clients].flatMap(({ caller }) => caller ?? []))]
    const held = await Promise.all(callers.map(options.holds))
    return new Set(callers.filter((_, index) => !held[index]))
  }
  const round = async (): Promise<void> => {
    const gone = await revoked()
    for (const client of [...clients])
      if (client.caller !== null && gone.has(client.caller)) client.end('key_revoked')
      else client.look()
    // one after the other: many boards take turns with those who poll
    for (const channel of [...channels.values()]) await channel.refresh()
  }
  const run = async (): Promise<void> => {
    if (running) return
    running = true
    while (clients.size > 0 && !stopping.signal.aborted) {
      await sleep(limits.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) await round()
    }
    running = false
  }

  const join = ({ view, caller, asked, lastEventId }: Joining, key: string, sink: Sink, leave: () => void): Client => {
    const has = parseId(lastEventId)
    const watched = channels.get(key)
    const channel =
      watched ?? createChannel({ read: () => answers.within(view).board(asked), problemOf: options.problemOf, pause })
    channels.set(key, channel)
    const client = createClient({
      view,
      caller,
      sink,
      has: has ?? { values: '', marks: '', alerts: alerts.newest() },
      limits,
      clock: options.clock,
      spread: options.random(),
      onSent: event => events.stream_sent({ event }),
      onDropped: () => events.stream_dropped({}),
      onClosed(closed, reason: EndReason | 'gone') {
        clients.delete(closed)
        channel.remove(closed)
        if (channel.clients.size === 0 && channels.get(key) === channel) channels.delete(key)
        leave()
        events.stream_closed({ reason })
        events.streams_counted({ clients: clients.size })
      },
    })
    open.add(sink)
    sink.onClose(() => open.delete(sink))
    clients.add(client)
    channel.add(client)
    events.streams_counted({ clients: clients.size })
    if (has !== null) replay(client, has.alerts)
    return client
  }

  return {
    async admit(joining) {
      const { view, caller, asked } = joining
      const key = JSON.stringify([view.key, asked.window, asked.level, asked.owner])
      const leave = places.take(caller, channels.has(key) ? null : channels.size)
      try {
        const board = await answers.within(view).board(asked)
        return {
          leave,
          join(sink) {
            const client = join(joining, key, sink, leave)
            channels.get(key)?.show(client, board)
            if (stopping.signal.aborted) client.end('stopping')
            else void run()
          },
        }
      } catch (error) {
        leave()
        throw error
      }
    },
    async stop() {
      stopping.abort()
      unsubscribe()
      for (const client of [...clients]) client.end('stopping')
      const closing = [...open].map(sink => new Promise<void>(resolve => sink.onClose(resolve)))
      await Promise.all(closing)
    },
  }
}
