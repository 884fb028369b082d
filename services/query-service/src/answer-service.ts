import { createHash } from 'node:crypto'
import {
  type Basis,
  type Calendar,
  type Catalog,
  createZone,
  floorTo,
  formatWindow,
  type Indicator,
  type MeasureSource,
  measuresBehind,
  type PointStore,
  type Retention,
  TEN_SECONDS,
} from '@kivi/domain'
import { ALL, type View } from './access/view.ts'
import { latestWindow, windowAsOf } from './answers/asked-window.ts'
import { answerBoard, type BoardAnswer } from './answers/board.ts'
import { createClusteredIntervals } from './answers/clusters.ts'
import { seriesCsv } from './answers/csv.ts'
import { type Desk, momentOf } from './answers/desk.ts'
import { answerSeries, type SeriesAnswer } from './answers/series.ts'
import { createTrends } from './answers/trends.ts'
import { answerValue, type Order, type ValueAnswer } from './answers/value.ts'
import { createAnswerCache } from './cache.ts'
import { derivedMarks } from './derived-marks.ts'
import { createFreshness } from './freshness.ts'
import { ProblemError } from './http/problems.ts'
import type { Rendered } from './http/rendered.ts'
import type { Comparison } from './questions/compare.ts'
import { parseBy, parseFilters } from './questions/segments.ts'
import { parseStep, stepFor } from './questions/steps.ts'
import type { AskedWindow } from './questions/windows.ts'
import type { QueryEvents } from './telemetry.ts'

export interface AskedValue extends AskedWindow {
  readonly as_of?: string
  readonly by?: string
  readonly filter?: readonly string[]
  readonly compare?: Comparison
  readonly order?: Order
  readonly limit?: number
}

export interface AskedSeries extends AskedWindow {
  readonly as_of?: string
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
  /** brings what people set up to date before a question is answered */
  readonly refresh?: () => Promise<void>
  readonly source: MeasureSource
  /** recorded values; null where nothing is recorded */
  readonly points: PointStore | null
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
  const source: MeasureSource = {
    progress: () => options.source.progress(),
    derived: (catalog, measures) => options.source.derived(catalog, measures),
    read: (catalog, questions) => timed(questions.length, () => options.source.read(catalog, questions)),
    clusters: (catalog, question) => timed(1, () => options.source.clusters(catalog, question)),
  }
  async function timed<T>(questions: number, read: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    try {
      return await read()
    } finally {
      events.slices_read({ seconds: (performance.now() - begun) / 1000, questions })
    }
  }
  // of one view each: the same question has another answer in another one
  const views = new WeakMap<View, Pick<Desk, 'trends' | 'clustered'>>()
  const keptOf = (view: View) => {
    const kept = views.get(view) ?? { trends: createTrends(), clustered: createClusteredIntervals() }
    views.set(view, kept)
    return kept
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
   * Everything that an answer depends on besides its question: the catalog, how far the data are that its indicators
   * rest on, and the slice that the clock is in.
   */
  async function openDesk(
    view: View,
    asked: (catalog: Catalog) => readonly Indicator[],
  ): Promise<{ desk: Desk; state: string }> {
    const [fresh] = await Promise.all([freshness.current(), options.refresh?.()])
    const catalog = options.catalog()
    const listed = view.listed(catalog)
    const sets = asked(listed).map(indicator => measuresBehind(catalog, indicator))
    const derived = await derivedMarks(freshness, catalog, sets, fresh.watermark)
    const basis: Basis = {
      now: now(),
      watermark: fresh.watermark,
      derived: derived.markOf,
      newest: fresh.newest,
      asOf: null,
      calendar: calendarOf(catalog),
      retention: options.retention,
    }
    if (fresh.watermark !== null) events.watermark_seen({ lag: (basis.now - fresh.watermark) / 1000 })
    const clock = floorTo(basis.now, TEN_SECONDS)
    const state = JSON.stringify([
      catalog.hash,
      versionsOf(catalog),
      fresh.version,
      fresh.watermark,
      derived.version,
      clock,
    ])
    const desk = {
      catalog: view.catalog(catalog),
      listed,
      source: view.source(source),
      points: view.points(options.points),
      ...keptOf(view),
      basis,
    }
    return { desk, state }
  }

  /** `question` is all that was asked; it is read and answered only where no answer to it is kept. */
  const render = async (
    view: View,
    question: readonly unknown[],
    type: string,
    indicators: (catalog: Catalog) => readonly Indicator[],
    make: (desk: Desk) => Promise<{ body: string; complete: boolean }>,
  ): Promise<Rendered> => {
    const { desk, state } = await openDesk(view, indicators)
    return cache.get(JSON.stringify([view.key, type, ...question]), state, async () => {
      const { body, complete } = await make(desk)
      return { body, complete, type, etag: `"${createHash('sha1').update(body).digest('base64url')}"` }
    })
  }

  const within = (view: View) => ({
    value: (id: string, asked: AskedValue): Promise<Rendered> =>
      render(
        view,
        ['value', id, asked],
        JSON_TYPE,
        catalog => [indicatorOf(catalog, id)],
        async now => {
          const indicator = indicatorOf(now.listed, id)
          const { desk, window } = await windowAsOf(now, indicator, asked)
          const order = asked.order ?? (indicator.type === 'simple' ? 'value' : 'volume')
          const answer: ValueAnswer = await answerValue(desk, {
            indicator,
            window,
            by: parseBy(asked.by, indicator),
            filters: parseFilters(asked.filter ?? [], indicator),
            // an order by change needs something to have changed from
            compare: asked.compare ?? (order === 'change' ? 'previous' : null),
            order,
            limit: asked.limit ?? 1000,
          })
          return { body: JSON.stringify(answer), complete: answer.complete }
        },
      ),

    series: (id: string, asked: AskedSeries, type: 'json' | 'csv'): Promise<Rendered> =>
      render(
        view,
        ['series', id, asked],
        type === 'csv' ? CSV_TYPE : JSON_TYPE,
        catalog => [indicatorOf(catalog, id)],
        async now => {
          const indicator = indicatorOf(now.listed, id)
          const { desk, window } = await windowAsOf(now, indicator, asked)
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
          const { watermark } = momentOf(desk, indicator)
          return {
            body: type === 'csv' ? seriesCsv(answer, by) : JSON.stringify(answer),
            complete: watermark !== null && watermark >= window.to,
          }
        },
      ),

    board: (asked: AskedBoard): Promise<Rendered> => {
      const shown = (catalog: Catalog) =>
        [...catalog.indicators.values()]
          .filter(indicator => indicator.board)
          .filter(indicator => asked.level === undefined || indicator.level === asked.level)
          .filter(indicator => asked.owner === undefined || indicator.owner === asked.owner)
      return render(view, ['board', asked], JSON_TYPE, shown, async desk => {
        const entries = await Promise.all(
          shown(desk.listed).map(async indicator => {
            const length = asked.window ?? indicator.window
            return { indicator, length, window: await latestWindow(desk, indicator, { window: length }) }
          }),
        )
        const answer: BoardAnswer = await answerBoard(desk, { window: asked.window ?? null, entries })
        return { body: JSON.stringify(answer), complete: answer.indicators.every(item => item.complete) }
      })
    },

    indicator: (id: string): Indicator => indicatorOf(view.listed(options.catalog()), id),

    /** Any other answer in JSON from one state of the data, kept and coalesced like the rest; `question` is all of it. */
    analysis: (
      question: readonly unknown[],
      indicators: (catalog: Catalog) => readonly Indicator[],
      make: (desk: Desk) => Promise<object>,
    ): Promise<Rendered> =>
      render(view, question, JSON_TYPE, indicators, async desk => ({
        body: JSON.stringify(await make(desk)),
        complete: false,
      })),
  })

  return {
    ...within(ALL),
    /** the same questions, answered with what a view has of it */
    within,

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
    .update(
      JSON.stringify([
        [...catalog.indicators.values()].map(indicator => [indicator, indicator.version]),
        catalog.northStar,
        [...catalog.references],
      ]),
    )
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
