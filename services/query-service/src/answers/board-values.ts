import { type Asked, type Evaluation, type Indicator, isKiviError, lengthWindow, type Window } from '@kivi/domain'
import { sparkRanges } from '../questions/steps.ts'
import { type Desk, momentOf, plainSpan, pointQuestions } from './desk.ts'
import { readAnswers, readRecorded } from './recorded.ts'

export interface BoardEntry {
  readonly indicator: Indicator
  readonly window: Window
  readonly length: string
}

/** What the board shows of an indicator. */
export interface BoardValues {
  readonly total: Evaluation
  readonly spark: ReadonlyArray<number | null>
  /** window of the spark line's last point */
  readonly last: Window | null
  readonly watermark: number | null
  /** epoch ms; null: computed now */
  readonly recordedAt: number | null
}

interface Line {
  readonly entry: BoardEntry
  /** the value, then the points of the spark line */
  readonly asked: readonly Asked[]
}

/** An indicator that took too long is not tried again for so long: the board is made anew each second. */
const PATIENCE_MS = 60_000
const tooCostly = new WeakMap<Indicator, number>()

/**
 * All indicators from one reading: what several of them rest on is asked for once. Recorded indicators are never
 * computed by a poll: they are what stands recorded. Where one of the others takes longer than an answer may, each is
 * read by itself, so that one costs the board its own value only.
 */
export async function readBoard(desk: Desk, entries: readonly BoardEntry[]): Promise<ReadonlyMap<string, BoardValues>> {
  const found = new Map<string, BoardValues>()
  const [recorded, computed] = [
    entries.filter(entry => isRecorded(desk, entry)),
    entries.filter(entry => !isRecorded(desk, entry)),
  ]
  const [stored] = await Promise.all([
    fromPoints(
      desk,
      recorded.map(entry => lineOf(desk, entry, true)),
    ),
    readComputed(
      desk,
      computed.map(entry => lineOf(desk, entry, false)),
      found,
    ),
  ])
  for (const [id, values] of stored) found.set(id, values)
  return found
}

const isRecorded = (desk: Desk, { indicator }: BoardEntry): boolean => desk.points !== null && indicator.record !== null

function lineOf(desk: Desk, entry: BoardEntry, trailing: boolean): Line {
  const { indicator, window } = entry
  const steps = sparkRanges(window, momentOf(desk, indicator)).map(plainSpan)
  const bare = { by: [], filters: [], bare: true }
  // what is recorded is the whole window that ends with a step
  const spark = trailing
    ? steps.map(({ to }): Asked => ({ indicator, window: lengthWindow(to - (window.to - window.from), to), ...bare }))
    : pointQuestions(indicator, window, steps, bare)
  return { entry, asked: [{ indicator, window, by: [], filters: [] }, ...spark] }
}

async function fromPoints(desk: Desk, lines: readonly Line[]): Promise<Map<string, BoardValues>> {
  const recorded = await readRecorded(
    desk,
    lines.flatMap(line => line.asked),
  )
  let place = 0
  const found = new Map<string, BoardValues>()
  for (const { entry, asked } of lines) {
    const first = place
    place += asked.length
    const has = recorded.has(first)
    found.set(entry.indicator.id, {
      total: has ? recorded.at(first) : nothing('not_recorded'),
      spark: asked.slice(1).map((_, index) => {
        const at = first + 1 + index
        return recorded.has(at) ? recorded.at(at).value : null
      }),
      last: asked.length > 1 ? (asked.at(-1)?.window ?? null) : null,
      watermark: has ? recorded.watermark(first) : momentOf(desk, entry.indicator).watermark,
      recordedAt: recorded.recordedAt(first),
    })
  }
  return found
}

async function readComputed(desk: Desk, lines: readonly Line[], into: Map<string, BoardValues>): Promise<void> {
  const { now } = desk.basis
  const open = lines.filter(({ entry }) => !((tooCostly.get(entry.indicator) ?? 0) > now))
  for (const { entry } of lines) into.set(entry.indicator.id, blank(desk, entry))
  try {
    await readTogether(desk, open, into)
  } catch (error) {
    if (!isKiviError(error, 'question_too_large')) throw error
    for (const line of open)
      try {
        await readTogether(desk, [line], into)
      } catch (failed) {
        if (!isKiviError(failed, 'question_too_large')) throw failed
        tooCostly.set(line.entry.indicator, now + PATIENCE_MS)
      }
  }
}

async function readTogether(desk: Desk, lines: readonly Line[], into: Map<string, BoardValues>): Promise<void> {
  const answers = await readAnswers(
    desk,
    lines.flatMap(line => line.asked),
  )
  let place = 0
  for (const { entry, asked } of lines) {
    const first = place
    place += asked.length
    into.set(entry.indicator.id, {
      total: answers.at(first),
      spark: asked.slice(1).map((_, index) => answers.at(first + 1 + index).value),
      last: asked.length > 1 ? (asked.at(-1)?.window ?? null) : null,
      watermark: answers.watermark(first),
      recordedAt: answers.recordedAt(first),
    })
  }
}

const blank = (desk: Desk, { indicator }: BoardEntry): BoardValues => ({
  total: nothing('too_costly'),
  spark: [],
  last: null,
  watermark: momentOf(desk, indicator).watermark,
  recordedAt: null,
})

const nothing = (reason: 'not_recorded' | 'too_costly'): Evaluation => ({
  value: null,
  reason,
  parts: {},
  n: 0,
  late: 0,
  provisional: false,
  provisionalUntil: null,
})
