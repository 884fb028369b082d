import { createHash } from 'node:crypto'
import {
  type AnyMeasure,
  type Basis,
  type Calendar,
  type Catalog,
  createCalendar,
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
import type { Desk } from './answers/desk.ts'
import { answerSeries, type SeriesAnswer } from './answers/series.ts'
import { boardTable, seriesTable, valueTable } from './answers/tables.ts'
import { createTrends } from './answers/trends.ts'
import { answerValue, type Order, type ValueAnswer } from './answers/value.ts'
import { createAnswerCache } from './cache.ts'
import { derivedMarks } from './derived-marks.ts'
import { createFreshness } from './freshness.ts'
import type { Table } from './http/csv.ts'
import { maxAgeOf } from './http/keeping.ts'
import { type Form, type Rendered, renderAnswer } from './http/rendered.ts'
import { indicatorIn } from './http/unknown.ts'
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
  /** how old the view of the partitions may be, ms; an answer is at most eight times this behind its data */
  readonly freshnessMs: number
  readonly cacheBytes: number
  readonly now: () => number
  readonly events: Pick<QueryEvents, 'slices_read' | 'answer_looked_up' | 'watermark_seen'>
}

/** Measures behind each indicator of a question. */
type Sets = ReadonlyArray<readonly AnyMeasure[]>

const KEPT_MS = 60_000
const MOST_PLANS = 1_000

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
    restMs: 2.5 * options.freshnessMs,
    // half of it is for making the next one: nobody waits for a store that is slow
    staleMs: 5 * options.freshnessMs,
    // the text, and what it is compressed to
    size: answer => 3 * answer.body.length,
    now,
    onLookup: result => events.answer_looked_up({ result }),
  })
  const calendarOf = remember<Catalog, Calendar>(createCalendar)

  // what a question rests on, as long as the catalog stands: polls ask the same ones over and over
  const plans = new WeakMap<Catalog, Map<string, Sets>>()
  const setsOf = (catalog: Catalog, question: string, find: () => Sets): Sets => {
    const ofCatalog = plans.get(catalog) ?? new Map<string, Sets>()
    plans.set(catalog, ofCatalog)
    const sets = ofCatalog.get(question) ?? find()
    if (ofCatalog.size >= MOST_PLANS) ofCatalog.clear()
    ofCatalog.set(question, sets)
    return sets
  }

  /**
   * Everything that an answer depends on besides its question and the catalog: how far the data are that its indicators
   * rest on, and the slice that the clock is in.
   */
  async function openDesk(
    view: View,
    question: string,
    asked: (catalog: Catalog) => readonly Indicator[],
  ): Promise<{ desk: Desk; version: string; state: string }> {
    const [fresh] = await Promise.all([freshness.current(), options.refresh?.()])
    const catalog = options.catalog()
    const listed = view.listed(catalog)
    const sets = setsOf(catalog, question, () => asked(listed).map(indicator => measuresBehind(catalog, indicator)))
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
    const state = JSON.stringify([fresh.version, fresh.watermark, derived.version, clock])
    const desk = {
      catalog: view.catalog(catalog),
      listed,
      source: view.source(source),
      points: view.points(options.points),
      ...keptOf(view),
      basis,
    }
    return { desk, version: versionsOf(catalog), state }
  }

  /**
   * `question` is all that was asked; it is read and answered only where no answer to it is kept.
   */
  const render = async <A extends object>(
    view: View,
    question: readonly unknown[],
    form: Form,
    indicators: (catalog: Catalog) => readonly Indicator[],
    made: {
      readonly make: (desk: Desk) => Promise<A>
      readonly table?: (answer: A, desk: Desk) => Table
      /** the end of what was asked, epoch ms, where only what is late can change the answer; else null */
      readonly settled?: (answer: A) => number | null
    },
  ): Promise<Rendered> => {
    const asked = JSON.stringify([view.key, form, ...question.map(sorted)])
    // of another catalog it is another question: whoever sets a target sees it with the next answer
    const keyIn = (version: string): string => `${version} ${asked}`
    const resting = cache.resting(keyIn(versionsOf(options.catalog())))
    if (resting !== null) return resting
    const { desk, version, state } = await openDesk(view, asked, indicators)
    return cache.get(keyIn(version), state, async () => {
      const answer = await made.make(desk)
      const { table } = made
      return {
        ...renderAnswer(answer, form, table && (told => table(told, desk))),
        maxAge: maxAgeOf(made.settled?.(answer) ?? null, now()),
      }
    })
  }

  const within = (view: View) => ({
    value: (id: string, asked: AskedValue, form: Form = 'json'): Promise<Rendered> =>
      render(view, ['value', id, asked], form, catalog => [indicatorIn(catalog, id)], {
        async make(now): Promise<ValueAnswer> {
          const indicator = indicatorIn(now.listed, id)
          const { desk, window } = await windowAsOf(now, indicator, asked)
          const order = asked.order ?? (indicator.type === 'simple' ? 'value' : 'volume')
          return answerValue(desk, {
            indicator,
            window,
            by: parseBy(asked.by, indicator),
            filters: parseFilters(asked.filter ?? [], indicator),
            // an order by change needs something to have changed from
            compare: asked.compare ?? (order === 'change' ? 'previous' : null),
            order,
            limit: asked.limit ?? 1000,
          })
        },
        table: (answer, desk) => valueTable(answer, parseBy(asked.by, indicatorIn(desk.listed, id))),
        settled: ({ to, complete, provisional, revised }) =>
          asked.to !== undefined && complete && !provisional && !revised ? Date.parse(to) : null,
      }),

    series: (id: string, asked: AskedSeries, form: Form = 'json'): Promise<Rendered> =>
      render(view, ['series', id, asked], form, catalog => [indicatorIn(catalog, id)], {
        async make(now): Promise<SeriesAnswer> {
          const indicator = indicatorIn(now.listed, id)
          const { desk, window } = await windowAsOf(now, indicator, asked)
          const step = asked.step === undefined ? stepFor(window.to - window.from) : parseStep(asked.step)
          return answerSeries(desk, {
            indicator,
            window,
            step,
            stepName: asked.step ?? (typeof step === 'string' ? step : formatWindow(step)),
            by: parseBy(asked.by, indicator),
            filters: parseFilters(asked.filter ?? [], indicator),
          })
        },
        table: (answer, desk) => seriesTable(answer, parseBy(asked.by, indicatorIn(desk.listed, id))),
        settled: ({ to, series }) =>
          asked.to !== undefined &&
          series.every(({ points }) => points.every(point => point.complete && !point.provisional && !point.revised))
            ? Date.parse(to)
            : null,
      }),

    board: (asked: AskedBoard, form: Form = 'json'): Promise<Rendered> => {
      const shown = (catalog: Catalog) =>
        [...catalog.indicators.values()]
          .filter(indicator => indicator.board)
          .filter(indicator => asked.level === undefined || indicator.level === asked.level)
          .filter(indicator => asked.owner === undefined || indicator.owner === asked.owner)
      return render(view, ['board', asked], form, shown, {
        async make(desk): Promise<BoardAnswer> {
          const entries = await Promise.all(
            shown(desk.listed).map(async indicator => {
              const length = asked.window ?? indicator.window
              return { indicator, length, window: await latestWindow(desk, indicator, { window: length }) }
            }),
          )
          return answerBoard(desk, { window: asked.window ?? null, entries })
        },
        table: boardTable,
      })
    },

    indicator: (id: string, parameter?: string): Indicator =>
      indicatorIn(view.listed(options.catalog()), id, parameter),

    /** Any other answer from one state of the data, kept and coalesced like the rest; `question` is all of it. */
    analysis: <A extends object>(
      question: readonly unknown[],
      indicators: (catalog: Catalog) => readonly Indicator[],
      make: (desk: Desk) => Promise<A>,
      wanted: { readonly form: Form; readonly table: (answer: A) => Table } | null = null,
    ): Promise<Rendered> =>
      render(view, question, wanted?.form ?? 'json', indicators, {
        make,
        ...(wanted === null ? {} : { table: wanted.table }),
      }),
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

/** Parameters in one order, so that equal questions are one however they were written. */
const sorted = (part: unknown): unknown =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))
    : part

/** The catalog's own hash covers outcomes and slices; targets and formulas are in the indicators. */
const versionsOf = remember((catalog: Catalog): string =>
  createHash('sha1')
    .update(
      JSON.stringify([
        catalog.hash,
        [...catalog.indicators.values()].map(indicator => [indicator, indicator.version]),
        catalog.northStar,
        [...catalog.references],
      ]),
    )
    .digest('base64url'),
)

/** Keeps the result for each argument as long as there is that. */
function remember<A extends object, R>(compute: (argument: A) => R): (argument: A) => R {
  const results = new WeakMap<A, R>()
  return argument => {
    const known = results.get(argument)
    if (known !== undefined) return known
    const result = compute(argument)
    results.set(argument, result)
    return result
  }
}
