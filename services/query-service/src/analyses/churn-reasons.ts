/** What those who left spoke of last, beside those who stayed. An association: nobody is asked why. */
import { type ChurnTopics, type Interval, riskRatio, type TimeRange } from '@kivi/domain'
import { formatTime } from '../questions/times.ts'
import { type AnalysisMoment, type Freshness, freshnessAt } from './moment.ts'

/** How long before the window what was said counts. */
export const SAID_WITHIN_MS = 90 * 86_400_000
/** A topic of fewer persons is not shown: chance would speak, and persons could be recognised. */
const FEWEST_PERSONS = 30

interface TopicAnswer {
  readonly topic: string
  readonly churned: number
  readonly stayed: number
  /** of those who left and spoke of anything; of those who stayed and did */
  readonly share_of_churned: number | null
  readonly share_of_stayed: number | null
  /** the former ÷ the latter; null where one of them is nobody */
  readonly ratio: number | null
  /** of 95 %, of the ratio's logarithm (Katz) */
  readonly interval: Interval | null
}

export interface ChurnAnswer extends Freshness {
  readonly from: string
  readonly to: string
  readonly preceding: { readonly from: string; readonly to: string }
  readonly said_from: string
  readonly churned: { readonly persons: number; readonly with_topic: number }
  readonly stayed: { readonly persons: number; readonly with_topic: number }
  readonly topics: readonly TopicAnswer[]
  /** what is not shown, for want of persons */
  readonly hidden: { readonly topics: number; readonly persons: number; readonly fewest: number }
  readonly note: string
}

export function churnAnswer(
  range: TimeRange,
  preceding: TimeRange,
  moment: AnalysisMoment,
  found: ChurnTopics,
): ChurnAnswer {
  const total = (pick: (topic: ChurnTopics['topics'][number]) => number, of = found.topics) =>
    of.reduce((sum, topic) => sum + pick(topic), 0)
  const [left, stayed] = [total(topic => topic.churned), total(topic => topic.stayed)]
  const persons = (topic: ChurnTopics['topics'][number]) => topic.churned + topic.stayed
  const hidden = found.topics.filter(topic => persons(topic) < FEWEST_PERSONS)
  return {
    from: formatTime(range.from),
    to: formatTime(range.to),
    preceding: { from: formatTime(preceding.from), to: formatTime(preceding.to) },
    said_from: formatTime(range.from - SAID_WITHIN_MS),
    ...freshnessAt(moment, range.to),
    churned: { persons: found.churned, with_topic: left },
    stayed: { persons: found.stayed, with_topic: stayed },
    topics: found.topics
      .filter(topic => persons(topic) >= FEWEST_PERSONS)
      .map(topic => {
        const risk = riskRatio(topic.churned, left, topic.stayed, stayed)
        return {
          ...topic,
          share_of_churned: left === 0 ? null : topic.churned / left,
          share_of_stayed: stayed === 0 ? null : topic.stayed / stayed,
          ratio: risk?.ratio ?? null,
          interval: risk?.interval ?? null,
        }
      })
      .toSorted((a, b) => (b.ratio ?? -1) - (a.ratio ?? -1) || (a.topic < b.topic ? -1 : 1)),
    hidden: { topics: hidden.length, persons: total(persons, hidden), fewest: FEWEST_PERSONS },
    note: 'What was said before is associated with leaving or staying; nobody is shown to have left because of it.',
  }
}
