/** The answers to instant and range queries. */
import type { Desk } from '../answers/desk.ts'
import { PrometheusError } from './errors.ts'
import { evaluate } from './evaluate.ts'
import { leavesOf } from './leaves.ts'
import { type Notes, newNotes, type Success, success } from './notes.ts'
import type { Expr, Selector } from './promql/syntax.ts'
import { readLeaves } from './read.ts'
import { sampling } from './sampling.ts'
import type { Series } from './series.ts'

/** Samples of one range at one instant. */
const MOST_OF_INSTANT = 400

type Sample = readonly [number, string]

type QueryData =
  | { readonly resultType: 'scalar'; readonly result: Sample }
  | { readonly resultType: 'vector'; readonly result: ReadonlyArray<{ metric: Series['labels']; value: Sample }> }
  | { readonly resultType: 'matrix'; readonly result: ReadonlyArray<{ metric: Series['labels']; values: Sample[] }> }

/** At one instant; a selector with a range answers its samples. */
export async function answerInstant(desk: Desk, expr: Expr, time: number): Promise<Success<QueryData>> {
  const notes = newNotes()
  if (expr.kind === 'selector' && expr.rangeMs !== null) {
    const times = sampling([time], expr.rangeMs, MOST_OF_INSTANT).instants[0] ?? []
    return success(matrix(await run(desk, { ...expr, rangeMs: null } satisfies Selector, times, notes), times), notes)
  }
  const value = await run(desk, expr, [time], notes)
  if (value.kind === 'scalar') return success({ resultType: 'scalar', result: sample(time, value.value) }, notes)
  const result = value.series.flatMap(({ labels, values: [first] }) =>
    first === null || first === undefined ? [] : [{ metric: labels, value: sample(time, first) }],
  )
  return success({ resultType: 'vector', result }, notes)
}

/** At each of the times. */
export async function answerRange(desk: Desk, expr: Expr, times: readonly number[]): Promise<Success<QueryData>> {
  const notes = newNotes()
  return success(matrix(await run(desk, expr, times, notes), times), notes)
}

/** Whether the expression can be asked at each of several times. */
export function assertInstant(expr: Expr): void {
  if (expr.kind === 'selector' && expr.rangeMs !== null)
    throw new PrometheusError(
      'bad_data',
      'invalid expression type "range vector" for range query: take the selector without its range, or a function over it such as avg_over_time',
    )
}

async function run(desk: Desk, expr: Expr, times: readonly number[], notes: Notes) {
  const read = await readLeaves(desk, leavesOf(expr), times, notes)
  return evaluate(expr, leaf => (leaf.kind === 'selector' || leaf.kind === 'call' ? read.get(leaf) : undefined) ?? [])
}

function matrix(value: Awaited<ReturnType<typeof run>>, times: readonly number[]): QueryData {
  const all = value.kind === 'scalar' ? [{ labels: {}, values: times.map(() => value.value) }] : value.series
  const result = all.flatMap(({ labels, values }) => {
    const samples = times.flatMap((time, step) => {
      const number = values[step]
      return number === null || number === undefined ? [] : [sample(time, number)]
    })
    return samples.length === 0 ? [] : [{ metric: labels, values: samples }]
  })
  return { resultType: 'matrix', result }
}

/** Seconds, and the number as text. */
const sample = (time: number, value: number): Sample => [time / 1000, String(value)]
