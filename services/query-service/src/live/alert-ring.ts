import type { AlertFeed, AlertNotice } from '@kivi/domain'

export interface AlertRing extends AlertFeed {
  /** @throws where the position does not grow: two feeds were mixed */
  publish(notice: AlertNotice): void
}

/**
 * The newest changes of alerts, so many at most. One that nobody publishes to is the feed of a Kivi without alerts.
 *
 * @param begins position before the first change that will be published: what came until then is not known here
 */
export function createAlertRing({ capacity, begins = 0 }: { capacity: number; begins?: number }): AlertRing {
  const kept: AlertNotice[] = []
  const listeners = new Set<(notice: AlertNotice) => void>()
  /** everything after it is kept */
  let floor = begins
  let newest = begins
  return {
    newest: () => newest,
    since(position) {
      // beyond the newest: the position is of another feed
      if (position < floor || position > newest) return null
      return kept.filter(notice => notice.position > position)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    publish(notice) {
      if (notice.position <= newest)
        throw new RangeError(`The alert feed is at ${newest}, and a change at ${notice.position} was published.`)
      kept.push(notice)
      newest = notice.position
      if (kept.length > capacity) floor = (kept.shift() as AlertNotice).position
      for (const listener of listeners) listener(notice)
    },
  }
}
