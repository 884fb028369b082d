/** The tables of `npm run bench -- false-alarms`. */
import type { AlertRule } from '@kivi/domain'
import type { Episode } from '../../../services/standalone/src/alerts/replay.ts'
import { FAULTS, type FaultKind } from './faults.ts'
import { type Outcome, type Run, windowOf } from './score.ts'

interface ReportInput {
  readonly runs: readonly Run[]
  readonly rules: readonly AlertRule[]
  readonly rate: number
  /** each alarm and each fault on a line of its own */
  readonly detail: boolean
}

const MINUTE = 60_000
const WEEK = 7 * 86_400_000

export function report({ runs, rules, rate, detail }: ReportInput): string {
  const outcomes = runs.flatMap(run => run.outcomes)
  const weeks = runs.reduce((sum, run) => sum + (run.cleanDays * 86_400_000) / WEEK, 0)
  const falseAlarms = runs.flatMap(run => run.falseAlarms)
  const found = outcomes.filter(isFound)
  const lines = [
    `Shop of ${rate} events a second, seeds ${runs.map(({ seed }) => seed).join(', ')}; ${runs.reduce((sum, run) => sum + run.events, 0)} events.`,
    '',
    ...ruleTable(rules, outcomes, falseAlarms, weeks),
    '',
    ...kindTable(rules, outcomes, falseAlarms, weeks),
    '',
    ...faultTable(outcomes),
    '',
    `alarms without a fault: ${falseAlarms.length} in ${weeks.toFixed(1)} weeks, ${(falseAlarms.length / weeks).toFixed(2)} a week (goal: at most 1)`,
    `faults found: ${found.length} of ${outcomes.length} (goal: all)`,
    `median delay: ${number(median(found.map(({ found: { windows } }) => windows)))} windows, ${length(median(found.map(({ found: { afterMs } }) => afterMs)))} (goal: under 3 windows)`,
    `alarms in faulty months that no fault explains: ${runs.reduce((sum, run) => sum + run.unexplained.length, 0)}`,
    ...(detail ? ['', ...runs.flatMap(detailOf)] : []),
  ]
  return lines.join('\n')
}

type Found = Outcome & { readonly found: NonNullable<Outcome['found']> }
const isFound = (outcome: Outcome): outcome is Found => outcome.found !== null

/** Rules that any of them could have told of it. */
const expects = (rule: AlertRule) => (outcome: Outcome) =>
  outcome.fault.kind.found(outcome.fault.subject).some(one => one.rule === rule.id)

function ruleTable(
  rules: readonly AlertRule[],
  outcomes: readonly Outcome[],
  alarms: readonly Episode[],
  weeks: number,
) {
  return table([
    ['rule', 'kind', 'window', 'false alarms', 'a week', 'told first', 'could have', 'median delay', 'in windows'],
    ...rules.map(rule => {
      const own = outcomes.filter(isFound).filter(one => one.found.rule.id === rule.id)
      const wrong = alarms.filter(one => one.rule === rule.id).length
      return [
        ...[
          rule.id,
          kindOf(rule),
          length(windowOf(rule)),
          String(wrong),
          (wrong / weeks).toFixed(2),
          String(own.length),
        ],
        String(outcomes.filter(expects(rule)).length),
        ...delays(own),
      ]
    }),
  ])
}

function kindTable(
  rules: readonly AlertRule[],
  outcomes: readonly Outcome[],
  alarms: readonly Episode[],
  weeks: number,
) {
  const kinds = Map.groupBy(rules, kindOf)
  return table([
    ['kind of rule', 'rules', 'false alarms', 'a week', 'told first', 'median delay', 'in windows'],
    ...[...kinds].map(([kind, own]) => {
      const ids = new Set(own.map(({ id }) => id))
      const wrong = alarms.filter(({ rule }) => ids.has(rule)).length
      const first = outcomes.filter(isFound).filter(one => ids.has(one.found.rule.id))
      return [
        kind,
        String(own.length),
        String(wrong),
        (wrong / weeks).toFixed(2),
        String(first.length),
        ...delays(first),
      ]
    }),
  ])
}

function faultTable(outcomes: readonly Outcome[]) {
  const of = (kind: FaultKind) => outcomes.filter(({ fault }) => fault.kind === kind)
  return table([
    ['fault', 'found', 'by', 'median delay', 'in windows'],
    ...FAULTS.map(kind => {
      const own = of(kind).filter(isFound)
      const by = [...new Set(own.map(one => one.found.rule.id))].join(', ')
      return [kind.what, `${own.length} of ${of(kind).length}`, by, ...delays(own)]
    }),
  ])
}

const delays = (own: readonly Found[]): string[] => [
  own.length === 0 ? '' : length(median(own.map(one => one.found.afterMs))),
  own.length === 0 ? '' : number(median(own.map(one => one.found.windows))),
]

function kindOf({ condition }: AlertRule): string {
  if (condition.kind !== 'anomaly') return condition.kind
  return condition.baseline === 'weekly' ? 'anomaly, weekly' : 'anomaly, recent'
}

function detailOf({ seed, falseAlarms, outcomes, unexplained }: Run): string[] {
  const alarm = (what: string) => (one: Episode) =>
    `${seed} ${what} ${one.rule} ${labels(one)} ${time(one.from)} – ${one.to === null ? '' : time(one.to)} value ${one.value}`
  return [
    ...falseAlarms.map(alarm('FALSE')),
    ...unexplained.map(alarm('UNEXPLAINED')),
    ...outcomes.map(
      ({ fault, found }) =>
        `${seed} ${fault.kind.name} ${fault.subject} ${time(fault.from)} – ${time(fault.to)}: ${found === null ? 'NOT FOUND' : `${found.rule.id} after ${length(found.afterMs)}, ${number(found.windows)} windows`}`,
    ),
  ]
}

const labels = ({ labels }: Episode): string =>
  Object.entries(labels)
    .filter(([name]) => !['alertname', 'severity', 'indicator', 'team'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

const time = (at: number): string => new Date(at).toISOString().slice(5, 16)
const number = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(value < 10 ? 1 : 0))

function length(ms: number): string {
  if (Number.isNaN(ms)) return '–'
  const minutes = Math.round(ms / MINUTE)
  if (minutes < 120) return `${minutes} min`
  return minutes < 48 * 60 ? `${number(minutes / 60)} h` : `${number(minutes / 1440)} d`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const line = (row: readonly string[]) => `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`
  const [head = [], ...rest] = rows
  return [line(head), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...rest.map(line)]
}
