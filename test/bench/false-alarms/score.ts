/** Which alarms told of which fault, and which of none. */
import type { AlertRule } from '@kivi/domain'
import type { Episode } from '../../../services/standalone/src/alerts/replay.ts'
import type { Fault } from './faults.ts'

/** A fault of one seed, and the alarm that told of it first. */
export interface Outcome {
  readonly fault: Fault
  /** null: nobody was told while it lasted */
  readonly found: { readonly rule: AlertRule; readonly afterMs: number; readonly windows: number } | null
}

export interface Run {
  readonly seed: number
  readonly events: number
  readonly cleanDays: number
  /** told in the month in which nothing was wrong */
  readonly falseAlarms: readonly Episode[]
  readonly outcomes: readonly Outcome[]
  /** told in the months of faults, while there was none, nor a trace of one in the rule's window */
  readonly unexplained: readonly Episode[]
}

interface ScoreInput {
  readonly seed: number
  readonly events: number
  readonly rules: readonly AlertRule[]
  readonly cleanDays: number
  readonly clean: readonly Episode[]
  /** each month of faults, with what was told in it */
  readonly faulty: ReadonlyArray<{ readonly faults: readonly Fault[]; readonly episodes: readonly Episode[] }>
}

const MONTH = 30 * 86_400_000

export function scoreRun({ seed, events, rules, clean, faulty, cleanDays }: ScoreInput): Run {
  const ruleOf = (id: string) => rules.find(rule => rule.id === id)
  const isTold = (episode: Episode) => episode.told
  return {
    ...{ seed, events, cleanDays },
    falseAlarms: clean.filter(isTold),
    outcomes: faulty.flatMap(({ faults, episodes }) =>
      faults.map((fault): Outcome => {
        const first = episodes.find(
          one => one.told && isOf(fault, one) && one.from >= fault.from && one.from < fault.to,
        )
        const rule = first && ruleOf(first.rule)
        if (first === undefined || rule === undefined) return { fault, found: null }
        const afterMs = first.from - fault.from
        return { fault, found: { rule, afterMs, windows: afterMs / windowOf(rule) } }
      }),
    ),
    unexplained: faulty.flatMap(({ faults, episodes }) =>
      episodes.filter(isTold).filter(episode => {
        const rule = ruleOf(episode.rule)
        const trace = rule === undefined ? 0 : windowOf(rule) + rule.forMs
        return !faults.some(({ from, to }) => episode.from >= from && episode.from <= to + trace)
      }),
    ),
  }
}

const isOf = ({ kind, subject }: Fault, episode: Episode): boolean =>
  kind
    .found(subject)
    .some(
      ({ rule, labels = {} }) =>
        rule === episode.rule && Object.entries(labels).every(([name, value]) => episode.labels[name] === value),
    )

/** What the delay is told in: the length that a rule looks at. */
export function windowOf({ condition, windowMs }: AlertRule): number {
  if (condition.kind === 'stalled') return condition.behindMs
  if (condition.kind === 'undelivered') return condition.forMs
  return condition.kind === 'pace' ? MONTH : windowMs
}
