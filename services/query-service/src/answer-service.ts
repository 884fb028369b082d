import { createHash } from 'node:crypto'
import {
  type Calendar,
  type Catalog,
  createZone,
  floorTo,
  formatWindow,
  type Indicator,
  type Moment,
  type Retention,
  type SliceSource,
  TEN_SECONDS,
} from '@kivi/domain'
import { answerBoard, type BoardAnswer } from './answers/board.ts'
import { seriesCsv } from './answers/csv.ts'
import type { Desk } from './answers/desk.ts'
import { answerSeries, type SeriesAnswer } from './answers/series.ts'
import { answerValue, type Order, type ValueAnswer } from './answers/value.ts'
import { createAnswerCache } from './cache.ts'
import { createFreshness } from './freshness.ts'
import { ProblemError } from './http/problems.ts'
import type { Comparison } from './questions/compare.ts'
import { parseBy, parseFilters } from './questions/segments.ts'
import { parseStep, stepFor } from './questions/steps.ts'
import { type AskedWindow, resolveWindow } from './questions/windows.ts'
import type { QueryEvents } from './telemetry.ts'

/** A finished answer: its text and the mark by which a client asks whether it changed. */
export interface Rendered {
  readonly body: string
  readonly etag: string
  readonly type: string
  /** the window is over and everything in it has been counted: only late events can change it */
  readonly complete: boolean
}

export interface AskedValue extends AskedWindow {
  readonly by?: string
  readonly filter?: readonly string[]
  readonly compare?: Comparison
  readonly order?: Order
  readonly limit?: number
}

export interface AskedSeries extends AskedWindow {
  readonly by?: string
  readonly filter?: readonly string[]
  readonly step?: string
}

export interface AskedBoard {
  readonly window?: string
  readonly level?: string
  readonly owner?: string
}

export interface AnswerServiceOptions {
  readonly catalog: () => Catalog
  readonly source: SliceSource
  readonly retention: Retention
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** how old the view of the partitions may be, ms; an answer is at most four times this behind its data */
  readonly freshnessMs: number
  readonly cacheBytes: number
  readonly now: () => number
  readonly events: QueryEvents
}

const KEPT_MS = 60_000
const JSON_TYPE = 'application/json; charset=utf-8'
const CSV_TYPE = 'text/csv; charset=utf-8'

/** Questions as they come from outside to rendered answers: resolved, coalesced, kept until the data change. */
export function createAnswerService(options: AnswerServiceOptions) {
  const { events, now } = options
  const source: SliceSource = {
    progress: () => options.source.progress(),
    async read(questions) {
      const begun = performance.now()
      try {
        return await options.source.read(questions)
      } finally {
        events.slices_read({ seconds: (performance.now() - begun) / 1000, questions: questions.length })
      }
    },
  }
  const freshness = createFreshness(source, { ...options, maxAgeMs: options.freshnessMs })
  const cache = createAnswerCache<Rendered>({
    maxBytes: options.cacheBytes,
    maxAgeMs: KEPT_MS,
    staleMs: 2 * options.freshnessMs,
    size: answer => 2 * answer.body.length,
    now,
    onLookup: result => events.answer_looked_up({ result }),
  })
  const calendarOf = rememberLast(
    (catalog: Catalog): Calendar => ({ zone: createZone(catalog.timezone), fiscalYearStart: catalog.fiscalYearStart }),
  )

  /**
   * Everything that an answer depends on besides its question: the catalog, how far the data are, and the slice that
   * the clock is in.
   */
  async function openDesk(): Promise<{ desk: Desk; state: string }> {
    const catalog = options.catalog()
    const fresh = await freshness.current()
    const moment: Moment = {
      now: now(),
      watermark: fresh.watermark,
      calendar: calendarOf(catalog),
      retention: options.retention,
    }
    if (fresh.watermark !== null) events.watermark_seen({ lag: (moment.now - fresh.watermark) / 1000 })
    const clock = floorTo(moment.now, TEN_SECONDS)
    const state = JSON.stringify([catalog.hash, versionsOf(catalog), fresh.version, fresh.watermark, clock])
    return { desk: { catalog, source, moment, freshness: fresh }, state }
  }

  /** `question` is all that was asked; it is read and answered only where no answer to it is kept. */
  const render = async (
    question: readonly unknown[],
    type: string,
    make: (desk: Desk) => Promise<{ body: string; complete: boolean }>,
  ): Promise<Rendered> => {
    const { desk, state } = await openDesk()
    return cache.get(JSON.stringify([type, ...question]), state, async () => {
      const { body, complete } = await make(desk)
      return { body, complete, type, etag: `"${createHash('sha1').update(body).digest('base64url')}"` }
    })
  }

  return {
    value: (id: string, asked: AskedValue): Promise<Rendered> =>
      render(['value', id, asked], JSON_TYPE, async desk => {
        const indicator = indicatorOf(desk.catalog, id)
        const order = asked.order ?? (indicator.type === 'simple' ? 'value' : 'volume')
        const answer: ValueAnswer = await answerValue(desk, {
          indicator,
          window: resolveWindow(asked, indicator.window, desk.moment),
          by: parseBy(asked.by, indicator),
          filters: parseFilters(asked.filter ?? [], indicator),
          // an order by change needs something to have changed from
          compare: asked.compare ?? (order === 'change' ? 'previous' : null),
          order,
          limit: asked.limit ?? 1000,
        })
        return { body: JSON.stringify(answer), complete: answer.complete }
      }),

    series: (id: string, asked: AskedSeries, type: 'json' | 'csv'): Promise<Rendered> =>
      render(['series', id, asked], type === 'csv' ? CSV_TYPE : JSON_TYPE, async desk => {
        const indicator = indicatorOf(desk.catalog, id)
        const window = resolveWindow(asked, indicator.window, desk.moment)
        const step = asked.step === undefined ? stepFor(window.to - window.from) : parseStep(asked.step)
        const by = parseBy(asked.by, indicator)
        const answer: SeriesAnswer = await answerSeries(desk, {
          indicator,
          window,
          step,
          stepName: asked.step ?? (typeof step === 'string' ? step : formatWindow(step)),
          by,
          filters: parseFilters(asked.filter ?? [], indicator),
        })
        return {
          body: type === 'csv' ? seriesCsv(answer, by) : JSON.stringify(answer),
          complete: desk.freshness.watermark !== null && desk.freshness.watermark >= window.to,
        }
      }),

    board: (asked: AskedBoard): Promise<Rendered> =>
      render(['board', asked], JSON_TYPE, async desk => {
        const entries = [...desk.catalog.indicators.values()]
          .filter(indicator => indicator.board)
          .filter(indicator => asked.level === undefined || indicator.level === asked.level)
          .filter(indicator => asked.owner === undefined || indicator.owner === asked.owner)
          .map(indicator => {
            const length = asked.window ?? indicator.window
            return { indicator, length, window: resolveWindow({ window: length }, length, desk.moment) }
          })
        const answer: BoardAnswer = await answerBoard(desk, { window: asked.window ?? null, entries })
        return { body: JSON.stringify(answer), complete: answer.indicators.every(item => item.complete) }
      }),

    indicator: (id: string): Indicator => indicatorOf(options.catalog(), id),

    /** resolves when ClickHouse answers, else rejects with what it lacks */
    async ready(): Promise<void> {
      await freshness.current()
    },
  }
}

export type AnswerService = ReturnType<typeof createAnswerService>

function indicatorOf(catalog: Catalog, id: string): Indicator {
  const indicator = catalog.indicators.get(id)
  if (indicator !== undefined) return indicator
  throw new ProblemError(
    'unknown_indicator',
    `The catalog has no indicator or measure ${JSON.stringify(id)}; GET /v1/indicators lists them all.`,
    { parameter: 'id' },
  )
}

/** The catalog's own hash covers outcomes and slices; targets and formulas are in the indicators. */
const versionsOf = rememberLast((catalog: Catalog): string =>
  createHash('sha1')
    .update(JSON.stringify([...catalog.indicators.values()].map(indicator => [indicator, indicator.version])))
    .digest('base64url'),
)

/** Keeps the result for the argument of the last call. */
function rememberLast<A extends object, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { argument: A; result: R } | null = null
  return argument => {
    if (last === null || last.argument !== argument) last = { argument, result: compute(argument) }
    return last.result
  }
}
