/**
 * JSON of digests: what GET /v1/digests answers, what receivers are sent, what the page shows. Times are RFC 3339,
 * texts in both languages: whoever shows them picks one.
 */
import type { Status } from '../../indicators/targets.ts'
import type { Trend } from '../../indicators/trend.ts'
import type { DigestPeriodUnit } from './definition.ts'

/** A text in both languages; without a Chinese one the English stands for it. */
export interface DigestText {
  readonly en: string
  readonly zh: string
}

/** GET /v1/digests/{id}?period=YYYY-MM-DD|latest */
export interface DigestAnswer {
  readonly digest: string
  readonly title: DigestText
  readonly description: DigestText
  readonly owner: string | null
  readonly every: DigestPeriodUnit
  readonly timezone: string
  /** ISO 4217 */
  readonly currency: string
  readonly period: DigestPeriodAnswer
  /** names of the periods before and after it; null: the one after is yet to begin */
  readonly before: string
  readonly after: string | null
  /** all events of the period have been counted, for every indicator of it */
  readonly complete: boolean
  /** up to when the data are known, the least of all indicators; null: nothing is known yet */
  readonly watermark: string | null
  /** how many indicators have each status */
  readonly statuses: Readonly<Record<Status, number>>
  /** the indicator that is furthest beyond its target, and the one that is furthest from reaching it; ids */
  readonly best: string | null
  readonly worst: string | null
  /** in the order of the definition */
  readonly indicators: readonly DigestIndicator[]
  /** what was done within the period to move one of its indicators, by its time */
  readonly actions: readonly DigestAction[]
  readonly alerts: DigestAlerts
}

export interface DigestPeriodAnswer {
  /** the first local date in it, by which it is asked for */
  readonly name: string
  /** the last local date in it */
  readonly last: string
  /** [from, to) */
  readonly from: string
  readonly to: string
  /** when its report is due */
  readonly due: string
  /** it is not over: values are those so far */
  readonly running: boolean
}

export interface DigestIndicator {
  readonly id: string
  readonly label: DigestText
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly level: string | null
  readonly owner: string | null
  /** it leads at the end of the period */
  readonly north_star: boolean
  readonly value: number | null
  /** why there is none */
  readonly reason: string | null
  readonly n: number
  /** 95 % */
  readonly interval: readonly [number, number] | null
  /** in force at the end of the period */
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  /** the period before; null: nothing is stored of it */
  readonly previous: DigestComparison | null
  /** over the whole weeks up to the end of the period */
  readonly trend: Trend | null
  /** all events of the period have been counted */
  readonly complete: boolean
  /** what happens after the period can still change the value */
  readonly provisional: boolean
  readonly provisional_until: string | null
  /** events came after the watermark had passed them */
  readonly revised: boolean
  /** the last periods up to this one, oldest first; empty: they would take too long to compute */
  readonly series: ReadonlyArray<{ readonly period: string; readonly value: number | null }>
  /** groups that moved most; null: none were asked for */
  readonly groups: DigestGroups | null
}

export interface DigestComparison {
  readonly value: number | null
  /** (value − previous) ÷ previous; null where the previous is ≤ 0 or either is missing */
  readonly change: number | null
  /** the change is for the better; null: there is none, or nobody knows */
  readonly good: boolean | null
}

export interface DigestGroups {
  /** the dimension */
  readonly by: string
  /** those that moved the indicator most, the strongest first */
  readonly items: readonly DigestGroup[]
  /** how many further ones there are; of more than 50 not all are counted */
  readonly more: number
}

export interface DigestGroup {
  /** the dimension's value; '': events without one */
  readonly group: string
  readonly value: number | null
  readonly previous: number | null
  /** (value − previous) ÷ previous; null where the previous is ≤ 0 or either is missing */
  readonly change: number | null
  /** how much of the indicator's change it makes, in the indicator's unit; null: groups do not add up */
  readonly contribution: number | null
}

export interface DigestAction {
  readonly id: string
  readonly label: string
  readonly description: string
  readonly owner: string
  readonly at: string
  /** null: it lasts */
  readonly until: string | null
  /** the part that it is meant to move; empty: all of it */
  readonly by: Readonly<Record<string, string>>
  /** on each indicator of the digest that it is meant to move */
  readonly effects: readonly DigestEffect[]
}

/** As GET /v1/actions/{id}/effect computes it. */
export interface DigestEffect {
  readonly indicator: string
  readonly unit: string
  /** whole weeks after it that are known; few say nothing */
  readonly weeks_after: number
  /** how far the indicator lies beyond the trend before; null: it is too early to say */
  readonly step: number | null
  readonly interval: readonly [number, number] | null
  /** null: it could as well be chance */
  readonly good: boolean | null
}

/** Alerts about indicators of the digest; those that fired or ended within the period. */
export interface DigestAlerts {
  readonly fired: number
  readonly resolved: number
  /** of those that fired within the period: how many fired on at its end */
  readonly firing: number
  /** the first 50 of them, by when they fired */
  readonly items: readonly DigestAlert[]
  /** how many further ones there are */
  readonly more: number
}

export interface DigestAlert {
  /** of the instance, as in GET /v1/alerts/{id} */
  readonly id: string
  readonly alert: string
  readonly indicator: string
  readonly labels: Readonly<Record<string, string>>
  readonly fired: string
  /** null: it fired on at the period's end */
  readonly resolved: string | null
  readonly value: number | null
  readonly target: number | null
}

/** GET /v1/digests */
export interface DigestsAnswer {
  readonly items: readonly DigestDefinitionAnswer[]
  readonly next: string | null
}

export interface DigestDefinitionAnswer {
  readonly digest: string
  readonly title: DigestText
  readonly description: DigestText
  readonly owner: string | null
  readonly every: DigestPeriodUnit
  /** local time at which it is due, `08:00` */
  readonly at: string
  /** of a week: mon … sun */
  readonly weekday: string | null
  /** of a month: 1 … 28 */
  readonly day: number | null
  readonly language: 'en' | 'zh' | null
  /** ids, as they are selected now */
  readonly indicators: readonly string[]
  /** the last period whose report was due */
  readonly latest: DigestPeriodAnswer
  /** the one that is due next */
  readonly next: DigestPeriodAnswer
  /** to whom it is sent; empty: it is shown only, or the key sees a part only */
  readonly receivers: readonly DigestReceiverAnswer[]
}

export interface DigestReceiverAnswer {
  readonly name: string
  /** the report of `latest` is with it */
  readonly sent: boolean
  /** what became of the last reports, newest first */
  readonly history: readonly DigestSendingAnswer[]
}

/**
 * waiting: it is being sent, or waits for a receiver that takes nothing; sent: the receiver said that it has it;
 * skipped: a later one was due before anybody could send it; given_up: a later one was due before the receiver took it
 */
export const DIGEST_OUTCOMES = ['waiting', 'sent', 'skipped', 'given_up'] as const
export type DigestOutcome = (typeof DIGEST_OUTCOMES)[number]

export interface DigestSendingAnswer {
  /** name of the period */
  readonly period: string
  readonly outcome: DigestOutcome
  /** when it was decided that it is sent, or that it is not */
  readonly at: string
  /** when the outcome was known; null: it is waiting */
  readonly answered: string | null
  /** what the receiver said last */
  readonly answer: string
  /** how often it was sent */
  readonly attempts: number
  /** all data of the period were there when it was made */
  readonly complete: boolean
}
