/** Sessions: by session_id, else cut where a person did nothing of their own for 30 minutes. */
import { MINUTE } from './calendar.ts'
import { type Happened, type History, text } from './history.ts'

export interface Session {
  readonly who: string
  readonly events: readonly Happened[]
  /** when it began: it counts there, once */
  readonly t: number
  /** of its first page; '' where no page was seen */
  readonly source: string
}

const GAP = 30 * MINUTE
const cached = new WeakMap<History, Session[]>()

export function sessionsOf(history: History): readonly Session[] {
  const known = cached.get(history)
  if (known !== undefined) return known
  const own = history.events.filter(e => history.isActive(e) && e.who !== '')
  const sessions: Session[] = []
  for (const events of Map.groupBy(own, e => e.who).values()) {
    const named = Map.groupBy(
      events.filter(e => text(e, 'session_id') !== ''),
      e => text(e, 'session_id'),
    )
    for (const session of named.values()) sessions.push(sessionOf(session))
    let open: Happened[] = []
    for (const e of events.filter(each => text(each, 'session_id') === '')) {
      if (open.length > 0 && e.t - open.at(-1)!.t >= GAP) {
        sessions.push(sessionOf(open))
        open = []
      }
      open.push(e)
    }
    if (open.length > 0) sessions.push(sessionOf(open))
  }
  cached.set(history, sessions)
  return sessions
}

function sessionOf(events: readonly Happened[]): Session {
  const first = events.find(e => e.type === 'page_view')
  const source = first === undefined ? '' : text(first, 'traffic_source')
  return { who: events[0]!.who, events, t: events[0]!.t, source }
}
