/** Columns of what was set, and of what follows from it, where it is told as a table. */
import type { Table } from '../http/csv.ts'

interface Items {
  readonly items: readonly object[]
}

/** One row a target. */
export const targetsTable = ({ items }: Items): Table => ({
  columns: ['value', 'by', 'per', 'window', 'from', 'until', 'reason', 'set_by', 'set_at', 'origin'],
  rows: items,
})

/** One row a period. */
export const attainmentTable = ({ items }: Items): Table => ({
  columns: ['from', 'to', 'value', 'target', 'attained'],
  rows: items,
})

/** One row an action. */
export const actionsTable = ({ items }: Items): Table => ({
  columns: ['id', 'label', 'description', 'indicators', 'by', 'status', 'at', 'until', 'owner', 'set_by', 'set_at'],
  rows: items,
})

/** One row a week before or after the action, of each indicator. */
export const effectTable = (answer: {
  readonly effects: ReadonlyArray<{ readonly indicator: string; readonly weeks: readonly object[] }>
}): Table => ({
  columns: ['indicator', 'from', 'value', 'control'],
  rows: answer.effects.flatMap(({ indicator, weeks }) => weeks.map(week => ({ indicator, ...week }))),
})

/** One row a value; its dimensions come first. */
export const referencesTable = (answer: Items & { readonly dimensions: readonly string[] }): Table => ({
  by: answer.dimensions,
  columns: ['from', 'until', 'value'],
  rows: answer.items,
})

/** One row a segment of a dimension. */
export const driversTable = (answer: {
  readonly segments: ReadonlyArray<{
    readonly dimension: string
    readonly method: string
    readonly items: readonly object[]
  }>
}): Table => ({
  columns: ['dimension', 'method', 'value', 'now', 'before', 'mix', 'rate', 'total'],
  rows: answer.segments.flatMap(({ dimension, method, items }) => items.map(item => ({ dimension, method, ...item }))),
})

/** One row a lag; of a correlation across segments a single one. */
export const correlationTable = (answer: {
  readonly lags?: readonly object[]
  readonly segments?: object | null
}): Table => ({
  columns: ['lag', 'r', 'n', 'effective', 'interval', 'p'],
  rows: answer.lags ?? (answer.segments == null ? [] : [answer.segments]),
})
