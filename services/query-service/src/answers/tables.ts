/** Which columns answers have where they are told as tables. Columns never depend on the data. */
import type { Table } from '../http/csv.ts'
import type { BoardAnswer } from './board.ts'
import type { SeriesAnswer } from './series.ts'
import type { ValueAnswer } from './value.ts'

const JUDGED = ['target', 'attainment', 'status']
const TIMES = ['complete', 'provisional', 'revised']

/** One row a point. */
export const seriesTable = (answer: SeriesAnswer, by: readonly string[]): Table => ({
  by,
  columns: ['t', 'value', 'n', 'interval', 'target', 'complete', 'revised', 'provisional'],
  rows: answer.series.flatMap(series => series.points.map(point => ({ ...point, by: series.by }))),
})

/** One row a group; a single one where none was asked for. */
export function valueTable(answer: ValueAnswer, by: readonly string[]): Table {
  const shared = ['value', 'reason', 'n', 'interval', ...JUDGED, 'previous.value', 'previous.change']
  const { indicator, from, to, unit, complete, provisional, revised } = answer
  const window = { indicator, from, to, unit, complete, provisional, revised }
  return {
    by,
    columns: ['indicator', 'from', 'to', 'unit', ...shared, ...TIMES],
    rows: answer.groups === undefined ? [answer] : answer.groups.map(group => ({ ...window, ...group })),
  }
}

/** One row an indicator. */
export const boardTable = (answer: BoardAnswer): Table => ({
  columns: [
    'id',
    'label.en',
    'label.zh',
    'unit',
    'level',
    'owner',
    'window',
    'value',
    'reason',
    ...JUDGED,
    'trend.slope',
    'trend.direction',
    'trend.good',
    ...TIMES,
    'spark',
  ],
  rows: answer.indicators,
})

/** One row an indicator of the list. */
export const indicatorsTable = ({ items }: { readonly items: readonly object[] }): Table => ({
  columns: [
    'id',
    'label.en',
    'label.zh',
    'description.en',
    'description.zh',
    'type',
    'unit',
    'better',
    'level',
    'kind',
    'timing',
    'owner',
    'strategy',
    'parent',
    'dimensions',
    'window',
    'board',
    'target.value',
    'target.per',
    'target.window',
    'version',
  ],
  rows: items,
})
