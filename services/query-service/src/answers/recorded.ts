import {
  type Asked,
  type Evaluation,
  type Interval,
  type MeasureSource,
  type Point,
  REASONS,
  type Reason,
  readSheet,
  type Sheet,
} from '@kivi/domain'
import type { Desk } from './desk.ts'
import { groupOf, isParted, keyOf, type Recorded, recordedPoints } from './recorded-points.ts'

/** An evaluated sheet of which some values were recorded before. */
export interface Answers extends Sheet {
  /** when the value was recorded, epoch ms; null: it is computed now */
  recordedAt(index: number): number | null
}

/**
 * Evaluates questions; of indicators that are recorded, values that stand recorded for just that window are taken as
 * they are, and only the others are computed.
 */
export async function readAnswers(desk: Desk, asked: readonly Asked[]): Promise<Answers> {
  const recorded = await readRecorded(desk, asked)
  const open = asked.flatMap((_, index) => (recorded.has(index) ? [] : [index]))
  const computed = await sheetOf(desk, desk.source, asked, open)
  const sheetFor = (index: number): Sheet => (recorded.has(index) ? recorded : computed)
  return {
    groups: index => sheetFor(index).groups(index),
    at: (index, group) => sheetFor(index).at(index, group),
    interval: (index, group) => sheetFor(index).interval(index, group),
    watermark: index => sheetFor(index).watermark(index),
    recordedAt: recorded.recordedAt,
  }
}

/** What stands recorded; only of questions that it has can it be asked anything else. */
interface RecordedAnswers extends Answers {
  has(index: number): boolean
}

/** Answers from recorded values alone. */
export async function readRecorded(desk: Desk, asked: readonly Asked[]): Promise<RecordedAnswers> {
  const recorded = await recordedPoints(desk, asked)
  // a group that was not recorded with the others had nothing then: what that makes of the indicator, it knows itself
  const parted = [...recorded.keys()].filter(index => isParted(asked[index] as Asked))
  const nothing = await sheetOf(desk, NOTHING, asked, parted)
  const find = (index: number) => recorded.get(index) as Recorded
  return {
    has: index => recorded.has(index),
    groups: index => (asked[index]?.by.length === 0 ? [[]] : [...find(index).points.keys()].map(groupOf)),
    at(index, group = []) {
      const point = find(index).points.get(keyOf(group))
      return point === undefined ? nothing.at(index, group) : evaluationOf(point)
    },
    interval(index, group = []): Interval | null {
      const point = find(index).points.get(keyOf(group))
      return point === undefined ? nothing.interval(index, group) : point.interval
    },
    watermark: index => find(index).total.known,
    recordedAt: index => recorded.get(index)?.total.computedAt ?? null,
  }
}

const NOTHING: Pick<MeasureSource, 'read'> = { read: async (_, questions) => questions.map(() => []) }

/** The questions at these places, under the indices that they have among all. */
async function sheetOf(
  { catalog, basis }: Desk,
  source: Pick<MeasureSource, 'read'>,
  asked: readonly Asked[],
  indices: readonly number[],
): Promise<Sheet> {
  const places = new Map(indices.map((index, place) => [index, place]))
  const place = (index: number): number => places.get(index) as number
  const sheet = await readSheet(
    source,
    catalog,
    indices.map(index => asked[index] as Asked),
    basis,
  )
  return {
    groups: index => sheet.groups(place(index)),
    at: (index, group) => sheet.at(place(index), group),
    interval: (index, group) => sheet.interval(place(index), group),
    watermark: index => sheet.watermark(place(index)),
  }
}

function evaluationOf(point: Point): Evaluation {
  return {
    value: point.value,
    reason: point.reason !== null && point.reason in REASONS ? (point.reason as Reason) : null,
    parts: point.parts,
    n: point.n,
    late: 0,
    provisional: point.provisional,
    provisionalUntil: point.provisionalUntil,
  }
}
