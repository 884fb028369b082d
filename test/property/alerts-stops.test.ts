/** An evaluator that is stopped, for a second or for two hours, decides the same at the same instants as one that never is. */
import {
  type AlertFact,
  type AlertRule,
  dueInstants,
  foldAlerts,
  instantsAtOnce,
  type RuleEvaluation,
  readRecord,
  type StateChange,
  stepAlerts,
} from '@kivi/domain'
import fc from 'fast-check'
import { expect, it } from 'vitest'

const EVERY = 10_000
const INSTANTS = 1_200
const START = Date.parse('2026-03-02T00:00:00Z')

type Verdict = boolean | null
interface Series {
  /** lengths of stretches with the same verdict */
  readonly stretches: ReadonlyArray<{ readonly instants: number; readonly verdict: Verdict }>
}

const stretch = fc.record({
  instants: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 120 })),
  verdict: fc.constantFrom<Verdict>(true, true, false, false, null),
})
const series: fc.Arbitrary<Series> = fc.record({ stretches: fc.array(stretch, { minLength: 1, maxLength: 40 }) })
const rules = fc.record({
  forMs: fc.constantFrom(0, 5_000, 10_000, 60_000, 600_000, 3_600_000),
  keepFiringForMs: fc.constantFrom(0, 10_000, 300_000),
  noData: fc.constantFrom('keep', 'ok', 'alert'),
})
/** ms between two steps: a second to two hours */
const pauses = fc.array(fc.oneof(fc.integer({ min: 1_000, max: 30_000 }), fc.integer({ min: 1_000, max: 7_200_000 })), {
  minLength: 1,
  maxLength: 30,
})

function verdictAt({ stretches }: Series, index: number): Verdict {
  let left = index
  for (;;)
    for (const { instants, verdict } of stretches) {
      if (left < instants) return verdict
      left -= instants
    }
}

function decisions(
  groups: readonly Series[],
  rest: Pick<AlertRule, 'forMs' | 'keepFiringForMs' | 'noData'>,
  steps: Iterable<number>,
): string[] {
  const rule: AlertRule = {
    ...{ id: 'Low', formerly: [], indicator: 'ctr', windowMs: EVERY, by: ['group'], filters: [], everyMs: EVERY },
    ...{ minimumVolume: null, severity: 'page', labels: {}, annotations: {}, version: 'v1' },
    condition: { kind: 'absent', sinceMs: 1 },
    ...rest,
  }
  const alerting = {
    rules: new Map([['Low', rule]]),
    receivers: new Map(),
    route: null,
    intervals: new Map(),
    inhibitions: [],
  }
  const log: StateChange[] = [
    {
      key: 'progress/Low',
      value: JSON.stringify({
        kind: 'progress',
        rule: 'Low',
        version: 'v1',
        instant: START,
        gap: null,
        goneSince: null,
      }),
    },
  ]
  const found: string[] = []
  let now = START
  for (const pause of [...steps, INSTANTS * EVERY]) {
    now = Math.min(now + pause, START + INSTANTS * EVERY)
    for (;;) {
      // whoever steps knows the log, and nothing else
      const state = foldAlerts(log)
      const due = dueInstants(state.progress.get('Low'), rule, now, { catchUpMs: 1e12, most: instantsAtOnce(rule) })
      if (due.instants.length === 0) break
      const evaluation: RuleEvaluation = {
        rule,
        gap: due.gap,
        instants: due.instants.map(instant => ({
          instant,
          observations: groups.flatMap((group, i) => {
            const holds = verdictAt(group, (instant - START) / EVERY)
            const seen = { value: null, target: null, n: 0, compared: {} }
            // a group of which nothing is known is not told at all
            return holds === null && i % 2 === 0
              ? []
              : [{ group: [`g${i}`], fires: holds, stays: holds, lowVolume: false, seen }]
          }),
        })),
      }
      const changes = stepAlerts(state, {
        ...{ alerting, now, evaluations: [evaluation], answers: [], silences: null, catchingUp: new Set<string>() },
        newKey: () => '',
        wording: {
          ...{ rules: alerting.rules, currency: 'EUR', externalUrl: null, time: String },
          about: () => ({ label: { en: '' }, unit: 'number' }),
        },
      })
      log.push(...changes)
      for (const { value } of changes)
        if (value !== null) for (const fact of readRecord(value).facts) found.push(...lineOf(fact))
    }
  }
  return found.toSorted()
}

/** as the history tells it */
function lineOf(fact: AlertFact): string[] {
  const at = (instant: number) => (instant - START) / EVERY
  const who = fact.labels['group']
  if (fact.fact === 'pending') return [`${at(fact.instant)} pending ${who}`]
  if (fact.fact !== 'firing' && fact.fact !== 'resolved') return []
  return [`${at(fact.instant)} ${fact.fact} ${who} since ${at(fact.startsAt)}`]
}

it('a gap equals no gap', () => {
  const seen = { transitions: 0 }
  fc.assert(
    fc.property(fc.array(series, { minLength: 1, maxLength: 3 }), rules, pauses, (groups, rest, steps) => {
      const always = decisions(
        groups,
        rest,
        Array.from({ length: 12 }, () => 100 * EVERY),
      )
      seen.transitions += always.length
      expect(decisions(groups, rest, steps)).toEqual(always)
    }),
    { numRuns: 60 },
  )
  // that there was something to compare
  expect(seen.transitions).toBeGreaterThan(100)
})
