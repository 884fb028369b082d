/** What a key that is limited sees: its indicators, and of them its part, as if there were nothing else. */
import type {
  Action,
  Catalog,
  DimensionFilter,
  Indicator,
  JourneySource,
  MeasureSource,
  PointStore,
  Scope,
  Target,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'

export interface View {
  /** tells views apart; '' sees everything */
  readonly key: string
  /** null: sees everything */
  readonly scope: Scope | null
  sees(indicator: Indicator): boolean
  /** may be told of a segment, such as the one that a target is for */
  seesSegment(by: Readonly<Record<string, string>>): boolean
  /** the action as the view has it; null: it is about what is not seen */
  action(action: Action, all: Catalog): Action | null
  /** what questions are answered from: everything is there, targets and North Star as the view has them */
  catalog(all: Catalog): Catalog
  /** what can be asked for and listed */
  listed(all: Catalog): Catalog
  /** reads nothing beyond the view */
  source(all: MeasureSource): MeasureSource
  journeys(all: JourneySource): JourneySource
  /** recorded values, where they are those of the view */
  points(all: PointStore | null): PointStore | null
  /** throws out_of_scope unless the view sees everything; `what` has no part that is its own */
  needsAll(what: string): void
}

/** Sees everything. */
export const ALL: View = {
  key: '',
  scope: null,
  sees: () => true,
  seesSegment: () => true,
  action: action => action,
  catalog: all => all,
  listed: all => all,
  source: all => all,
  journeys: all => all,
  points: all => all,
  needsAll: () => undefined,
}

const MOST_VIEWS = 1_000
// a Map keeps the order of insertion: the first is the one asked for longest ago
const views = new Map<string, View>()

/** The view of a scope: one for equal scopes, so that what was made for one key serves another. */
export function viewFor(scope: Scope | null): View {
  if (scope === null) return ALL
  const key = keyOf(scope)
  const view = views.get(key) ?? createView(scope, key)
  views.delete(key)
  views.set(key, view)
  for (const oldest of views.keys()) {
    if (views.size <= MOST_VIEWS) break
    views.delete(oldest)
  }
  return view
}

const keyOf = ({ owner, dimensions }: Scope): string =>
  JSON.stringify([owner, ...Object.entries(dimensions).map(([field, values]) => [field, ...[...values].sort()])])

/** As a person reads it: `owner growth, region north or south`. */
export function describeScope({ owner, dimensions }: Scope): string {
  const parts = Object.entries(dimensions).map(([field, values]) => `${field} ${values.join(' or ')}`)
  return [...(owner === null ? [] : [`owner ${owner}`]), ...parts].join(', ')
}

function createView(scope: Scope, key: string): View {
  const { owner } = scope
  const filters: DimensionFilter[] = Object.entries(scope.dimensions).map(([field, values]) => ({ field, values }))
  const cut = filters.length > 0
  const refuse = (what: string): never => {
    throw new ProblemError(
      'out_of_scope',
      `The key is limited to ${describeScope(scope)}, and ${what}: ask with a key that is not limited.`,
    )
  }
  const sees = (indicator: Indicator): boolean =>
    (owner === null || indicator.owner === owner) && filters.every(({ field }) => indicator.dimensions.includes(field))
  const seesSegment = (by: Readonly<Record<string, string>>): boolean =>
    filters.every(({ field, values }) => by[field] !== undefined && values.includes(by[field]))

  /** A target of a segment that is seen; of a view of just that segment it is the target of the whole, too. */
  const targetOf = (target: Target): Target[] => {
    if (!seesSegment(target.by)) return []
    if (!cut || filters.some(({ values }) => values.length > 1)) return [target]
    const rest = Object.entries(target.by).filter(([field]) => !filters.some(filter => filter.field === field))
    return [{ ...target, by: Object.fromEntries(rest) }, target]
  }
  const catalog = rememberLast((all: Catalog): Catalog => {
    const seen = (id: string): boolean => {
      const indicator = all.indicators.get(id)
      return indicator !== undefined && sees(indicator)
    }
    return {
      ...all,
      indicators: !cut
        ? all.indicators
        : new Map(
            [...all.indicators].map(([id, indicator]) => [
              id,
              { ...indicator, targets: indicator.targets.flatMap(targetOf) },
            ]),
          ),
      northStar: all.northStar.map(entry => {
        const indicators = entry.indicators.filter(seen)
        return indicators.length === 0 ? { ...entry, indicators, reason: '', set_by: '' } : { ...entry, indicators }
      }),
    }
  })
  const listed = rememberLast((all: Catalog): Catalog => {
    const own = catalog(all)
    const funnels = owner !== null ? [] : [...own.funnels].filter(([, funnel]) => within(funnel.dimensions))
    return {
      ...own,
      indicators: new Map([...own.indicators].filter(([, indicator]) => sees(indicator))),
      // these are of nobody, and of the whole
      references: new Map(),
      valueSegments: new Map(),
      funnels: new Map(funnels),
    }
  })
  const within = (dimensions: readonly string[]): boolean => filters.every(({ field }) => dimensions.includes(field))
  const limit = <Q extends { readonly filters: readonly DimensionFilter[] }>(question: Q): Q => ({
    ...question,
    filters: [...question.filters, ...filters],
  })

  return {
    key,
    scope,
    sees,
    seesSegment,
    action(action, all) {
      if (filters.some(({ field, values }) => action.by[field] !== undefined && !values.includes(action.by[field])))
        return null
      const indicators = action.indicators.filter(id => listed(all).indicators.has(id))
      return indicators.length === 0 ? null : { ...action, indicators }
    },
    catalog,
    listed,
    source: all =>
      !cut
        ? all
        : {
            progress: () => all.progress(),
            derived: (of, measures) => all.derived(of, measures),
            read(of, questions) {
              for (const { measures } of questions)
                for (const { id, dimensions } of measures) if (!within(dimensions)) refuse(`${id} is not kept by that`)
              return all.read(of, questions.map(limit))
            },
            clusters(of, question) {
              for (const { id, dimensions } of [question.numerator, question.denominator])
                if (!within(dimensions)) refuse(`${id} is not kept by that`)
              return all.clusters(of, limit(question))
            },
          },
    journeys: all => ({
      progress: (of, entities) => all.progress(of, entities),
      funnel: (of, question) =>
        owner === null && within(question.funnel.dimensions)
          ? all.funnel(of, limit(question))
          : refuse('the funnel has no part that is just that'),
      cohorts: () => refuse('cohorts are of everybody'),
      segments: () => refuse('value segments are of everybody'),
      churnTopics: () => refuse('churn reasons are of everybody'),
    }),
    // recorded for everything together
    points: all => (cut ? null : all),
    needsAll: refuse,
  }
}

/** Keeps the result for the argument of the last call. */
function rememberLast<A extends object, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { argument: A; result: R } | null = null
  return argument => {
    if (last === null || last.argument !== argument) last = { argument, result: compute(argument) }
    return last.result
  }
}
