/** Columns of analyses where they are told as tables. */
import type { Table } from '../http/csv.ts'
import type { ChurnAnswer } from './churn-reasons.ts'
import type { FunnelAnswer } from './funnel.ts'
import type { RetentionAnswer } from './retention.ts'
import type { SegmentsAnswer } from './value-segments.ts'

/** One row a step, of each group where there are groups. */
export const funnelTable = (answer: FunnelAnswer, by: readonly string[]): Table => ({
  by,
  columns: [
    'step',
    'name',
    'label.en',
    'label.zh',
    'persons',
    'conversion',
    'interval',
    'overall',
    'lost',
    'median_seconds',
    'leverage',
    'first_to_improve',
  ],
  rows: (answer.groups ?? [{ by: {}, steps: answer.steps }]).flatMap(group =>
    group.steps.map((step, index) => ({ ...step, step: index + 1, by: group.by })),
  ),
})

/** One row a cohort and a distance from its own period; what has not begun is left out. */
export const retentionTable = ({ cohorts }: RetentionAnswer): Table => ({
  columns: ['cohort_from', 'cohort_to', 'persons', 'later', 'retained', 'rate', 'partial'],
  rows: cohorts.flatMap(({ from, to, persons, cells }) =>
    cells.flatMap((cell, later) =>
      cell === null ? [] : [{ cohort_from: from, cohort_to: to, persons, later, ...cell }],
    ),
  ),
})

/** One row a segment; those who are new are in none. */
export const segmentsTable = (answer: SegmentsAnswer): Table => ({
  columns: [
    'segment',
    'persons',
    'share_of_persons',
    'sum',
    'share_of_sum',
    'mean',
    'median',
    'limit',
    'share',
    'lowest',
    'highest',
  ],
  rows: [...answer.segments, { segment: '', ...answer.new }],
})

/** One row a topic. */
export const churnTable = ({ topics }: ChurnAnswer): Table => ({
  columns: ['topic', 'churned', 'stayed', 'share_of_churned', 'share_of_stayed', 'ratio', 'interval'],
  rows: topics,
})
