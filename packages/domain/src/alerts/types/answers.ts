/** JSON of the routes about alerts: what the query service answers and the page shows. Times are RFC 3339. */
import type { BothTexts } from '../conditions/words.ts'
import type { NoData, Severity } from './rules.ts'

/** GET /v1/alerts?state=&severity=&rule=&filter=label:value → {items, next} */
export interface AlertAnswer {
  /** 16 hex digits, as in POST /v1/alerts/{id}/acknowledge */
  readonly id: string
  readonly alert: string
  readonly indicator: string | null
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  /** rendered, in the language of `lang` (default en) */
  readonly annotations: Readonly<Record<string, string>>
  /** since when the condition holds (pending), or when it fired */
  readonly since: string
  readonly ended: string | null
  /** of a pending one: when it fires if its condition goes on to hold */
  readonly fires_at: string | null
  /** what was seen when the condition began to hold (pending), or when it last fired or ended */
  readonly value: number | null
  readonly target: number | null
  /** what the value was compared with; null: with nothing, or not alone */
  readonly threshold: number | null
  readonly unit: string | null
  /** why nobody is told of it now */
  readonly muted: ReadonlyArray<
    | { readonly by: 'silence'; readonly id: string; readonly until: string }
    | { readonly by: 'inhibition'; readonly alert: string }
  >
  readonly acknowledged: { readonly by: string; readonly at: string; readonly comment: string } | null
  readonly receivers: ReadonlyArray<{ readonly name: string; readonly told: boolean; readonly at: string | null }>
}

export interface AlertsAnswer {
  readonly items: readonly AlertAnswer[]
  readonly next: string | null
  /** of all, whatever was asked for */
  readonly counts: { readonly firing: number; readonly pending: number; readonly silenced: number }
  /** the instant up to which all rules are evaluated */
  readonly evaluated: string | null
  /** who took the lead last, and when the log last heard of it; null: nobody ever led */
  readonly leader: { readonly name: string; readonly since: string; readonly heard: string } | null
  /** wall clock at which all of this was read from the log, to ten seconds */
  readonly as_of: string
  /** rules as they are declared, each with up to when it is evaluated */
  readonly rules: readonly AlertRuleAnswer[]
}

export interface AlertRuleAnswer {
  readonly alert: string
  readonly indicator: string | null
  readonly kind: string
  /** `value < 0.8 * target`, or what stands for it, in both languages */
  readonly condition: BothTexts
  readonly window: string | null
  readonly by: readonly string[]
  readonly every: string
  readonly for: string
  readonly keep_firing_for: string
  readonly no_data: NoData
  readonly minimum_volume: number | null
  readonly severity: Severity
  readonly evaluated: string | null
  readonly firing: number
  readonly pending: number
}

/** GET /v1/alerts/history?alert=&rule=&from=&to=&cursor=&limit= → {items, next}, newest first */
export interface AlertHistoryAnswer {
  readonly items: readonly AlertEventAnswer[]
  readonly next: string | null
}

export interface AlertEventAnswer {
  readonly at: string
  /** as in AlertFact: pending, firing, resolved, muted, sending, delivered, refused, in_doubt, failed, gap, leader */
  readonly event: string
  readonly id: string | null
  readonly alert: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly instant: string | null
  readonly value: number | null
  readonly target: number | null
  readonly reason: string | null
  readonly receiver: string | null
  readonly answer: string | null
}

/** POST /v1/alerts/{id}/acknowledge; answers with the alert */
export interface AcknowledgeRequest {
  readonly comment?: string
  /** who; where keys are needed the name of the key counts */
  readonly set_by?: string
}

/** GET /v1/silences → {items, next}; POST /v1/silences (with an id: changes that one); DELETE /v1/silences/{id} ends it */
export interface SilenceAnswer {
  readonly id: string
  /** as they are written in the catalog: `campaign="spring"`, `severity!="page"`, `region=~"eu-.*"` */
  readonly matchers: readonly string[]
  readonly from: string
  readonly until: string
  readonly author: string
  readonly reason: string
  readonly state: 'planned' | 'active' | 'ended'
  readonly set_at: string
  /** how many alerts that are firing now it mutes */
  readonly mutes: number
}

export interface SilenceRequest {
  readonly id?: string
  readonly matchers: readonly string[]
  /** default now */
  readonly from?: string
  /** or `duration` */
  readonly until?: string
  readonly duration?: string
  readonly reason: string
  /** who; where keys are needed the name of the key counts */
  readonly set_by?: string
}
