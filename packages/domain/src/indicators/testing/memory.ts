import type { AnyMeasure, Catalog, DerivedMeasure, Indicator } from '../../definitions/index.ts'
import type { MeasureQuestion, MeasureSource } from '../../ports/measure-source.ts'
import type { MergedParts, SliceCell } from '../../ports/slice-source.ts'
import { SUM_UNIT } from '../../slices.ts'
import { createZone } from '../../windows/index.ts'
import type { Basis } from '../sheet.ts'

/** Something that a measure counts: one of it, a value, who did it, and where it belongs. */
export interface Happening {
  readonly measure: string
  readonly time: string | number
  readonly value?: number
  readonly who?: string
  readonly by?: Readonly<Record<string, string>>
}

/** The figure of a level from an instant on; null: none is known. */
export interface LevelFigure {
  readonly measure: string
  readonly from: string
  readonly value: number | null
}

export const instant = (time: string | number): number => (typeof time === 'number' ? time : Date.parse(time))

const BASE = {
  label: { en: 'x' },
  description: { en: 'x' },
  dimensions: ['topic', 'region'],
  unit: 'count',
  better: 'higher',
} as const

/** An event measure; its kind of number by its agg. */
export const measure = (id: string, agg: AnyMeasure['agg'] = 'count'): AnyMeasure => ({
  ...BASE,
  id,
  agg,
  events: ['purchase'],
  filter: null,
  expr: null,
  distinct: agg === 'count_distinct' ? 'person' : null,
  quantile: null,
})

/** A measure of an entity, as of the end of the window unless told otherwise. */
export const derivedMeasure = (id: string, rest: object = {}): DerivedMeasure =>
  ({
    ...BASE,
    id,
    kind: 'entity',
    entity: 'thing',
    agg: 'count',
    timing: { kind: 'end' },
    filter: null,
    expr: null,
    scale: 1,
    distinct: null,
    groups: new Map(),
    followUp: null,
    empty: 'zero',
    quantile: null,
    ...rest,
  }) as DerivedMeasure

type Formula = Indicator extends infer One
  ? One extends { type: infer Type }
    ? { readonly type: Type } & Partial<Omit<One, 'type'>>
    : never
  : never

export const indicator = (id: string, formula: Formula): Indicator =>
  ({
    ...BASE,
    id,
    level: null,
    kind: null,
    timing: null,
    owner: null,
    strategy: null,
    parent: null,
    window: '1d',
    board: true,
    targets: [],
    at_risk_within: 0.1,
    minimum_volume: null,
    declared: null,
    rolling: false,
    benchmarks: [],
    record: null,
    provisional_while: null,
    interval: null,
    source: null,
    version: '0',
    ...(formula.type === 'derived' ? { offsets: new Map() } : {}),
    ...formula,
  }) as unknown as Indicator

/** A catalog of these; every measure is an indicator of its own name too. */
export function catalogOf(measures: readonly AnyMeasure[], indicators: readonly Indicator[] = []): Catalog {
  const isEvent = (one: AnyMeasure) => one.kind === undefined || one.kind === 'event'
  const byId = <T extends { readonly id: string }>(list: readonly T[]) => new Map(list.map(one => [one.id, one]))
  return {
    timezone: 'UTC',
    measures: byId(measures.filter(isEvent)),
    derivedMeasures: byId(measures.filter(one => !isEvent(one))),
    indicators: byId([...measures.map(({ id }) => indicator(id, { type: 'simple', measure: id })), ...indicators]),
  } as unknown as Catalog
}

export const basisOf = (rest: Partial<Basis> & { zone?: string; fiscalYearStart?: string } = {}): Basis => ({
  now: instant('2027-01-01T00:00:00Z'),
  watermark: instant('2027-01-01T00:00:00Z'),
  newest: instant('2026-12-31T23:59:00Z'),
  derived: () => instant('2027-01-01T00:00:00Z'),
  asOf: null,
  calendar: { zone: createZone(rest.zone ?? 'UTC'), fiscalYearStart: rest.fiscalYearStart ?? '01-01' },
  retention: { tenSeconds: Infinity, quarterHour: Infinity, day: Infinity },
  ...rest,
})

/** Answers questions by counting; remembers what it was asked. */
export function memorySource(happenings: readonly Happening[], levels: readonly LevelFigure[] = []) {
  const asked: MeasureQuestion[] = []
  const source: Pick<MeasureSource, 'read'> = {
    async read(_, questions) {
      asked.push(...questions)
      return questions.map(question => answer(question, happenings, levels))
    },
  }
  return { ...source, asked }
}

function answer(
  question: MeasureQuestion,
  happenings: readonly Happening[],
  levels: readonly LevelFigure[],
): SliceCell[] {
  return question.measures.flatMap(({ id }) =>
    question.ranges.flatMap(({ from, to }, range) => {
      const level = levels.filter(one => one.measure === id && instant(one.from) < to).at(-1)
      if (level !== undefined)
        return [{ range, measure: id, group: [], parts: { ...NOTHING, count: 1, value: level.value ?? Number.NaN } }]
      const inside = happenings.filter(
        one =>
          one.measure === id &&
          instant(one.time) >= from &&
          instant(one.time) < to &&
          question.filters.every(({ field, values }) => values.includes(one.by?.[field] ?? '')),
      )
      const groups = Map.groupBy(inside, one => JSON.stringify(question.by.map(field => one.by?.[field] ?? '')))
      return [...groups].map(([group, part]) => ({
        range,
        measure: id,
        group: JSON.parse(group),
        parts: partsOf(part),
      }))
    }),
  )
}

const NOTHING: MergedParts = {
  count: 0,
  sum: 0n,
  min: Infinity,
  max: -Infinity,
  late: 0,
  distinct: 0,
  buckets: new Map(),
}

function partsOf(happenings: readonly Happening[]): MergedParts {
  const values = happenings.map(one => one.value ?? 0)
  return {
    ...NOTHING,
    count: happenings.length,
    sum: BigInt(Math.round(values.reduce((sum, value) => sum + value, 0) * SUM_UNIT)),
    min: Math.min(...values),
    max: Math.max(...values),
    distinct: new Set(happenings.map(one => one.who)).size,
  }
}
