/** Changes of alerts as they happen, for those who watch: dashboards hear of a firing alert without asking for it. */

/** One change of an alert. */
export interface AlertNotice {
  /** place in the feed, from 1 on: it grows, is never used again, and is the same after a restart */
  readonly position: number
  /** the indicator that the alert is about; null: Kivi itself */
  readonly indicator: string | null
  /** the segment that it is about; empty: the total */
  readonly by: Readonly<Record<string, string>>
  /** the alert as the API tells it, after the change */
  readonly alert: object
}

/**
 * The newest changes, kept in memory up to a bound. Nothing here waits, so that whoever reads what was missed and
 * subscribes in the same tick hears of each change exactly once.
 */
export interface AlertFeed {
  /** position of the newest change; 0: there has been none */
  newest(): number
  /** all changes after the position, oldest first; null: some of them are no longer known, or never were */
  since(position: number): readonly AlertNotice[] | null
  /** calls with each change from now on, in order, until the answered function is called */
  subscribe(listener: (notice: AlertNotice) => void): () => void
}
