import type { AnyMeasure, Catalog, Indicator } from '../definitions/index.ts'
import type { MeasureSource } from '../ports/measure-source.ts'
import type { DimensionFilter } from '../ranges.ts'
import type { Interval } from '../statistics/index.ts'
import { blank, type Evaluator, evaluate, outcomeOf, readsOf, type Scope } from './evaluate.ts'
import { followUpEnd } from './follow-up.ts'
import { isPlain, measuresBehind, measuresOf, restsOnDerived, restsOnFlow } from './graph.ts'
import { intervalOf } from './interval.ts'
import type { PartValue } from './measures.ts'
import { cellIndex, createNeeds, type Known } from './needs.ts'
import { partsOf } from './parts.ts'
import type { Reason } from './reasons.ts'
import { createStorage } from './storage.ts'
import type { Moment, Window } from './window.ts'

/** One question: an indicator in one window, in all or by groups. */
export interface Asked {
  readonly indicator: Indicator
  readonly window: Window
  readonly by: readonly string[]
  readonly filters: readonly DimensionFilter[]
  /** the value only, without parts and whether it is provisional: a point of a spark line */
  readonly bare?: boolean
}

/** The moment at which everything is evaluated, and how far the data are. */
export interface Basis extends Moment {
  /** up to when the derived tables follow the events that these measures rest on; null before the first time */
  readonly derived: (measures: readonly AnyMeasure[]) => number | null
  /** time of the newest event; null before the first one */
  readonly newest: number | null
  /** an instant of the past as of which is asked; null: now */
  readonly asOf: number | null
}

export interface Evaluation {
  readonly value: number | null
  /** where value is null, and where the window begins after the newest event */
  readonly reason: Reason | null
  /** the measures it was made of */
  readonly parts: Readonly<Record<string, PartValue>>
  /** how many events (or distinct things) the value rests on: of a ratio, its denominator's */
  readonly n: number
  /** events that came after their slice was complete */
  readonly late: number
  /** can what happens after the window still change it? */
  readonly provisional: boolean
  /** when follow-ups will have ended, epoch ms; null: they have, or nobody can say */
  readonly provisionalUntil: number | null
}

/** Evaluated questions, each by its index. */
export interface Sheet {
  /** groups of which anything is known, in no order */
  groups(index: number): ReadonlyArray<readonly string[]>
  at(index: number, group?: readonly string[]): Evaluation
  /** where the indicator has one that needs nothing but its counts */
  interval(index: number, group?: readonly string[]): Interval | null
  /** how far the data of this question are; null: nothing is known */
  watermark(index: number): number | null
}

/** Reads all that the questions need at once, and evaluates them. */
export async function readSheet(
  source: Pick<MeasureSource, 'read'>,
  catalog: Catalog,
  asked: readonly Asked[],
  basis: Basis,
): Promise<Sheet> {
  const { calendar } = basis
  const storage = createStorage(basis)
  const needs = createNeeds()
  const subjects = createSubjects(catalog, basis)
  const scopes = createScopes()
  const noting: Evaluator = { catalog, calendar, cells: { ...storage, ...NOTHING, begun: () => true } }
  const lines = asked.map(one => {
    const subject = subjects(one.indicator)
    const scope = scopes(one.by, one.filters)
    const own = readsOf(noting, evaluator => evaluate(evaluator, one.indicator, one.window, scope, blank(scope)))
    const beside =
      one.bare || subject.isPlain
        ? []
        : readsOf(noting, evaluator => partsOf(evaluator, one.indicator, one.window, scope, blank(scope)))
    const open =
      one.bare || one.indicator.provisional_while === null
        ? []
        : readsOf(noting, evaluator => isOpen(evaluator, one, scope, blank(scope)))
    for (const reads of [own, beside, open]) for (const read of reads) needs.add(read, subject.known)
    return { ...one, ...subject, scope, reads: own, told: beside.length === 0 ? own : [...own, ...beside] }
  })
  const questions = needs.questions()
  const answers =
    questions.length === 0
      ? []
      : await source.read(
          catalog,
          questions.map(({ question }) => question),
        )
  const index = cellIndex(questions, answers)

  type Line = (typeof lines)[number]
  const evaluators = new Map<Known, Evaluator>()
  const evaluatorOf = ({ known, watermark }: Line): Evaluator => {
    const made = evaluators.get(known)
    if (made !== undefined) return made
    const evaluator: Evaluator = {
      catalog,
      calendar,
      cells: {
        cell: (measure, range, scope, group) => index.cell({ measure, range, scope }, known, group),
        groups: (measure, range, scope) => index.groups({ measure, range, scope }, known),
        stored: storage.stored,
        begun: range => watermark !== null && watermark > range.from,
      },
    }
    // of one indicator all that it knows is the same
    evaluators.set(known, evaluator)
    return evaluator
  }
  const lineAt = (at: number) => lines[at] as Line

  return {
    groups(at) {
      const line = lineAt(at)
      if (line.by.length === 0) return [[]]
      return index.groupsOf(
        line.told.filter(read => read.scope === line.scope),
        line.known,
      )
    },
    at(at, group = []) {
      const line = lineAt(at)
      const evaluator = evaluatorOf(line)
      const outcome = evaluate(evaluator, line.indicator, line.window, line.scope, group)
      if (line.bare) return { ...outcome, parts: {}, late: 0, provisional: false, provisionalUntil: null }
      const { parts, late, from } = partsOf(evaluator, line.indicator, line.window, line.scope, group)
      const end = followUpEnd(line.reads, calendar)
      const until = end !== null && (line.watermark ?? Number.NEGATIVE_INFINITY) < end ? end : null
      // data of years ago, or a source that fell silent: zeros that nobody should take for a bad day
      const stale = basis.newest !== null && basis.newest < from && evaluator.cells.begun(line.window)
      return {
        ...outcome,
        ...(stale && restsOnFlow(line.measures) ? { reason: 'after_newest_event' as const } : {}),
        parts,
        late,
        provisional: until !== null || isOpen(evaluator, line, line.scope, group),
        provisionalUntil: until,
      }
    },
    interval(at, group = []) {
      const line = lineAt(at)
      return intervalOf(evaluatorOf(line), line.indicator, line.window, line.scope, group)
    },
    watermark: at => lineAt(at).watermark,
  }
}

/** What is the same of an indicator in all its windows. */
function createSubjects(catalog: Catalog, basis: Basis) {
  const make = (indicator: Indicator) => {
    const watermark = watermarkOf(basis, measuresBehind(catalog, indicator))
    const known: Known = { known: watermark ?? -1, asOf: basis.asOf !== null }
    return { measures: measuresOf(catalog, indicator), watermark, known, isPlain: isPlain(catalog, indicator) }
  }
  const made = new Map<Indicator, ReturnType<typeof make>>()
  return (indicator: Indicator): ReturnType<typeof make> => {
    const subject = made.get(indicator) ?? make(indicator)
    made.set(indicator, subject)
    return subject
  }
}

/** One object for each scope: the points of a series are told apart by their windows only. */
function createScopes() {
  const made = new Map<readonly string[], Map<readonly DimensionFilter[], Scope>>()
  return (by: readonly string[], filters: readonly DimensionFilter[]): Scope => {
    const known = made.get(by) ?? new Map<readonly DimensionFilter[], Scope>()
    made.set(by, known)
    const scope = known.get(filters) ?? { by, filters }
    known.set(filters, scope)
    return scope
  }
}

/** One evaluated group of a question; `group` is empty where it was not asked by any. */
export interface Evaluated {
  readonly group: readonly string[]
  readonly evaluation: Evaluation
  readonly interval: Interval | null
}

/** The questions with all their groups, from one reading. */
export async function evaluateAll(
  source: Pick<MeasureSource, 'read'>,
  catalog: Catalog,
  asked: readonly Asked[],
  basis: Basis,
): Promise<ReadonlyArray<readonly Evaluated[]>> {
  const sheet = await readSheet(source, catalog, asked, basis)
  return asked.map((_, index) =>
    sheet
      .groups(index)
      .map(group => ({ group, evaluation: sheet.at(index, group), interval: sheet.interval(index, group) })),
  )
}

/** How far the data are that rest on these measures, as of when it is asked; null: nothing is known yet. */
export function watermarkOf(
  basis: Pick<Basis, 'watermark' | 'derived' | 'asOf'>,
  measures: readonly AnyMeasure[],
): number | null {
  const marks = [basis.watermark, basis.asOf ?? Number.POSITIVE_INFINITY]
  if (restsOnDerived(measures)) marks.push(basis.derived(measures))
  return marks.reduce((least, mark) => (least === null || mark === null ? null : Math.min(least, mark)))
}

/** While what the indicator waits for is above zero, its value can still change. */
function isOpen(evaluator: Evaluator, { indicator, window }: Asked, scope: Scope, group: readonly string[]): boolean {
  const id = indicator.provisional_while
  if (id === null) return false
  const has = (field: string) =>
    evaluator.catalog.indicators.get(id)?.dimensions.includes(field) ??
    evaluator.catalog.derivedMeasures.get(id)?.dimensions.includes(field) ??
    false
  // what cannot be told of a group is told of all
  if (![...scope.by, ...scope.filters.map(filter => filter.field)].every(has)) {
    const all = openScopes.get(scope) ?? { by: [], filters: scope.filters.filter(({ field }) => has(field)) }
    openScopes.set(scope, all)
    return (outcomeOf(evaluator, indicator, id, window, all, []).value ?? 0) > 0
  }
  return (outcomeOf(evaluator, indicator, id, window, scope, group).value ?? 0) > 0
}

const openScopes = new WeakMap<Scope, Scope>()

const NOTHING = { cell: () => undefined, groups: () => [] }
