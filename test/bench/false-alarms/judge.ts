/** All rules over a month, by the evaluation and the stages of a running Kivi. */
import {
  type AlertRule,
  type Catalog,
  isAboutKivi,
  type KiviReading,
  observeKivi,
  type RuleEvaluation,
} from '@kivi/domain'
import { createReplay, type Episode } from '../../../services/standalone/src/alerts/replay.ts'
import type { Fault } from './faults.ts'
import { type Minutes, MONTH, recordsOf } from './months.ts'

/** So far the data are behind the clock when nothing is wrong. */
const BEHIND_MS = 30_000

interface JudgeOptions {
  readonly catalog: Catalog
  readonly rules: readonly AlertRule[]
  readonly faults: readonly Fault[]
  readonly minutes: Minutes
  /** what a rule about an indicator finds */
  readonly find: (
    rule: AlertRule,
    instants: readonly number[],
  ) => RuleEvaluation['instants'] | Promise<RuleEvaluation['instants']>
  readonly signal: AbortSignal
}

export async function judgeMonth({ catalog, rules, faults, minutes, find, signal }: JudgeOptions): Promise<Episode[]> {
  const stalls = faults.filter(({ kind }) => kind.stalls)
  const reading = (rule: AlertRule, instant: number): KiviReading => ({
    watermark: stalls.find(({ from, to }) => instant >= from && instant < to)?.from ?? instant - BEHIND_MS,
    problem: null,
    records: recordsOf(minutes, instant - rule.windowMs, instant),
    receivers: [{ name: 'people', failingSince: null }],
  })
  const replay = createReplay({
    ...{ catalog, rules, from: MONTH.from, signal },
    observe: async (rule, instants) =>
      isAboutKivi(rule)
        ? instants.map(instant => ({ instant, observations: observeKivi(rule, reading(rule, instant), instant) }))
        : find(rule, instants),
  })
  await replay.passTo(MONTH.to)
  return replay.episodes()
}
