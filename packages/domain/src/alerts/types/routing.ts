/** Who is told, when, and when not: routes, time intervals, inhibitions, silences. */

/** A label is (not) a value, or (does not) match a regular expression as a whole. */
export interface Matcher {
  readonly label: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** The first of `routes` that matches takes the alert, unless it says `continue`; else this one does. */
export interface Route {
  /** the names of the routes on the way to it, for people: `default/growth` */
  readonly id: string
  readonly matchers: readonly Matcher[]
  readonly receiver: string
  /** labels that make a group; `...`: all of them */
  readonly groupBy: readonly string[]
  /** a new group waits that long for more; ms */
  readonly groupWaitMs: number
  /** from one message about a group to the next with news */
  readonly groupIntervalMs: number
  /** from one message to the same again, while it fires and nobody acknowledged */
  readonly repeatIntervalMs: number
  /** told only within one of these time intervals; empty: always */
  readonly activeIn: readonly string[]
  /** not told within one of these */
  readonly mutedIn: readonly string[]
  /** further receivers, while it fires and nobody acknowledged, so long after the first was told; ascending */
  readonly escalations: readonly { readonly afterMs: number; readonly receiver: string }[]
  readonly continue: boolean
  readonly routes: readonly Route[]
}

/** Named times; an instant lies within where every part that is given holds. */
export interface TimeInterval {
  readonly name: string
  /** IANA name */
  readonly timezone: string
  readonly any: readonly TimePart[]
}

export interface TimePart {
  /** minutes of the local day, [from, until), until at most 1440; empty: all day */
  readonly times: readonly { readonly from: number; readonly until: number }[]
  /** ISO weekdays, 1 Monday … 7 Sunday; empty: all */
  readonly weekdays: readonly number[]
  /** of the month, −1 the last day; empty: all */
  readonly days: readonly { readonly from: number; readonly until: number }[]
  /** 1–12; empty: all */
  readonly months: readonly number[]
  /** local dates `2026-10-01` of a calendar file or list; null: all */
  readonly dates: ReadonlySet<string> | null
  /** local dates on which it does not hold, holidays for example */
  readonly except: ReadonlySet<string>
}

/** While an alert that matches `source` fires (or is pending), those that match `target` are not told. */
export interface Inhibition {
  readonly source: readonly Matcher[]
  readonly target: readonly Matcher[]
  /** labels that both must have alike */
  readonly equal: readonly string[]
  /** also while the source is pending */
  readonly pending: boolean
  /** so long after the source ended it still holds for targets whose window holds a part of it; ms */
  readonly lingerMs: number
}

export interface Silence {
  readonly id: string
  readonly matchers: readonly Matcher[]
  readonly from: number
  readonly until: number
  readonly author: string
  readonly reason: string
  /** when it was written: of several with one id the last one counts */
  readonly setAt: number
  /** ended before its time */
  readonly ended: boolean
}

/** Somebody takes care: no repeats and no escalation of this firing any more. */
export interface Acknowledgement {
  /** of the instance */
  readonly alert: string
  /** the firing it is about: `startsAt` of the episode */
  readonly startsAt: number
  readonly author: string
  readonly comment: string
  readonly setAt: number
}
