/** What a funnel tells: how far persons came, where they were lost, and where it would help most to lose fewer. */
import { type Funnel, type FunnelGroup, formatWindow, type Interval, type TimeRange, wilson } from '@kivi/domain'
import { inBoth } from '../answers/in-both.ts'
import { formatTime } from '../questions/times.ts'
import { type AnalysisMoment, type Freshness, freshnessAt } from './moment.ts'

interface StepAnswer {
  readonly name: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly persons: number
  /** of those who reached the step before; null for the first step, and where nobody did */
  readonly conversion: number | null
  /** of 95 % (Wilson), of the conversion */
  readonly interval: Interval | null
  /** of those who entered */
  readonly overall: number | null
  /** who reached the step before and not this one */
  readonly lost: number
  readonly median_seconds: number | null
  /** conversions that would be gained if a tenth of those who are lost here went on and then did as the others */
  readonly leverage: number | null
  /** the step with the greatest leverage */
  readonly first_to_improve: boolean
}

export interface FunnelAnswer extends Freshness {
  readonly funnel: string
  readonly label: StepAnswer['label']
  readonly from: string
  readonly to: string
  readonly within: string
  readonly provisional_until: string | null
  readonly steps: readonly StepAnswer[]
  readonly groups?: ReadonlyArray<{
    readonly by: Readonly<Record<string, string>>
    readonly steps: readonly StepAnswer[]
  }>
  readonly truncated?: boolean
}

const MOST_GROUPS = 1000
/** the share of those who are lost by which steps are compared */
const IMPROVED = 0.1

export function funnelAnswer(
  funnel: Funnel,
  range: TimeRange,
  moment: AnalysisMoment,
  total: readonly FunnelGroup[],
  grouped: readonly FunnelGroup[] | null,
  by: readonly string[],
): FunnelAnswer {
  const until = range.to + funnel.withinMs
  const open = moment.watermark === null || moment.watermark < until
  return {
    funnel: funnel.name,
    label: inBoth(funnel.label),
    from: formatTime(range.from),
    to: formatTime(range.to),
    within: formatWindow(funnel.withinMs),
    ...freshnessAt(moment, range.to),
    provisional_until: open ? formatTime(until) : null,
    steps: stepsOf(funnel, total[0]),
    ...(grouped === null ? {} : groupsOf(funnel, grouped, by)),
  }
}

function groupsOf(
  funnel: Funnel,
  grouped: readonly FunnelGroup[],
  by: readonly string[],
): Pick<FunnelAnswer, 'groups' | 'truncated'> {
  const entered = (group: FunnelGroup) => group.steps[0]?.persons ?? 0
  const name = (group: FunnelGroup) => group.group.join('\u0000')
  const sorted = grouped.toSorted((a, b) => entered(b) - entered(a) || (name(a) < name(b) ? -1 : 1))
  return {
    groups: sorted.slice(0, MOST_GROUPS).map(group => ({
      by: Object.fromEntries(by.map((field, index) => [field, group.group[index] ?? ''])),
      steps: stepsOf(funnel, group),
    })),
    truncated: sorted.length > MOST_GROUPS,
  }
}

/** Steps with what they mean for the last one; nobody where there is no group. */
function stepsOf(funnel: Funnel, group: FunnelGroup | undefined): StepAnswer[] {
  const counts = funnel.steps.map((_, step) => group?.steps[step]?.persons ?? 0)
  const gains = counts.map((_, step) => leverageOf(counts, step))
  const most = Math.max(...gains.map(gain => gain ?? 0))
  const best = most > 0 ? gains.indexOf(most) : -1
  return funnel.steps.map(({ name, label }, step) => {
    const [persons, before] = [counts[step]!, counts[step - 1] ?? 0]
    const median = group?.steps[step]?.medianMs ?? null
    return {
      name,
      label: inBoth(label),
      persons,
      conversion: share(persons, before),
      interval: before === 0 ? null : wilson(persons, before),
      overall: share(persons, counts[0]!),
      lost: step === 0 ? 0 : before - persons,
      median_seconds: median === null ? null : median / 1000,
      leverage: gains[step]!,
      first_to_improve: step === best,
    }
  })
}

/** Those who are lost at the step × the share of its persons who reach the end; null where nobody shows what that is. */
function leverageOf(counts: readonly number[], step: number): number | null {
  const [persons, before, last] = [counts[step]!, counts[step - 1], counts.at(-1)!]
  if (before === undefined || persons === 0) return null
  return IMPROVED * (before - persons) * (last / persons)
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
