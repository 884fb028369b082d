import type { Entity, Funnel, FunnelStep, Indicator } from '@kivi/domain'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import type { CompiledAttribution } from '../journeys/attributions.ts'
import { MOST_DIMENSIONS } from '../measures.ts'
import { findNamed, type Named } from '../named.ts'
import { wholeNumber } from './numbers.ts'

/** Types that are written out as a ratio of two measures, which are made for them. */
export type WrittenOutType = NonNullable<Indicator['declared']>

export const OVER = ['touches', 'persons'] as const
export const RULES = ['on', 'on_or_after'] as const

/** an answer may stay provisional for 400 days, and day N has to be over */
export const LAST_DAY = 399

/** What the measures are made over. */
export interface Subjects {
  readonly entities: Named<Entity>
  readonly attributions: Named<CompiledAttribution>
  readonly funnels: Named<Funnel>
}

export interface Words {
  readonly en: string
  readonly zh: string
}

/** One of the two measures: what follows the indicator's label, and its keys as a file would have them. */
interface Made {
  readonly label: Words
  readonly description: Words
  readonly keys: Readonly<Record<string, unknown>>
}

type Pair = readonly [numerator: Made, denominator: Made]

/** What each type writes, or null where it is wrong, which is then reported. */
export const WRITE: Readonly<Record<WrittenOutType, (mapping: Mapping, subjects: Subjects) => Pair | null>> = {
  conversion(mapping, { attributions }) {
    const attribution = findNamed(mapping, 'attribution', attributions)
    const over = mapping.oneOf('over', OVER)
    if (attribution === null || over === undefined) return null
    const dimensions = mapping.has('dimensions')
      ? (mapping.texts('dimensions') ?? []).map(({ value }) => value)
      : attribution.dimensions.slice(0, MOST_DIMENSIONS)
    const keys = { attribution: attribution.name, dimensions }
    const [converted, all] = CONVERSION[over]
    return [
      { ...converted, keys: { ...keys, counts: `converted_${over}` } },
      { ...all, keys: { ...keys, counts: over } },
    ]
  },
  retention(mapping, { entities }) {
    const entity = findNamed(mapping, 'entity', entities)
    const day = wholeNumber(mapping, 'day', 1, LAST_DAY)
    const rule = mapping.oneOf('rule', RULES) ?? 'on'
    const first = mapping.text('first')
    const again = entity === null ? undefined : readList(mapping, entity)
    if (entity === null || day === undefined || first === undefined || again === undefined) return null
    const dayAfter = (days: number): string => `day_start(day(${first}) + ${days})`
    // only who can have come back: day N must be over
    const ripe = `${dayAfter(day + 1)} <= known_until`
    const back =
      rule === 'on'
        ? `count(${again}, ${dayAfter(day)}, ${dayAfter(day + 1)}) > 0`
        : `has(last_time(${again})) && last_time(${again}) >= ${dayAfter(day)}`
    const dimensions = mapping.has('dimensions') ? mapping.texts('dimensions')?.map(({ value }) => value) : undefined
    const keys = { entity: entity.name, at: first, agg: 'count', follow_up_days: day + 1, dimensions }
    return [
      {
        label: { en: 'retained', zh: '留存人数' },
        description: {
          en: `Those of the cohort who came back ${rule === 'on' ? 'on' : 'on or after'} day ${day}.`,
          zh: `同期群中在第 ${day} 天${rule === 'on' ? '当天' : '或之后'}再次活跃的人数。`,
        },
        keys: { ...keys, filter: `${ripe} && ${back}` },
      },
      {
        label: { en: 'cohort', zh: '同期群人数' },
        description: {
          en: `Those whose first time falls in the window and whose day ${day} is over.`,
          zh: `首次时间在窗口内、且第 ${day} 天已结束的人数。`,
        },
        keys: { ...keys, filter: ripe },
      },
    ]
  },
  funnel(mapping, { funnels }) {
    const funnel = findNamed(mapping, 'funnel', funnels)
    const [first, last] = [funnel?.steps[0], funnel?.steps.at(-1)]
    if (funnel === null || first === undefined || last === undefined) return null
    const zh = ({ label }: FunnelStep): string => label.zh ?? label.en
    return [
      {
        label: { en: 'finished', zh: '完成人数' },
        description: {
          en: `Persons who reached the last step, ${last.label.en}.`,
          zh: `到达最后一步（${zh(last)}）的人数。`,
        },
        keys: { funnel: funnel.name, step: last.name },
      },
      {
        label: { en: 'entered', zh: '进入人数' },
        description: {
          en: `Persons who took the first step, ${first.label.en}.`,
          zh: `完成第一步（${zh(first)}）的人数。`,
        },
        keys: { funnel: funnel.name, step: first.name },
      },
    ]
  },
}

type Told = Pick<Made, 'label' | 'description'>

const CONVERSION: Readonly<Record<(typeof OVER)[number], readonly [converted: Told, all: Told]>> = {
  touches: [
    {
      label: { en: 'converted touches', zh: '带来转化的触点数' },
      description: { en: 'Touches credited with a conversion.', zh: '获得转化归因的触点数。' },
    },
    { label: { en: 'touches', zh: '触点数' }, description: { en: 'Touches in the window.', zh: '窗口内的触点数。' } },
  ],
  persons: [
    {
      label: { en: 'converted persons', zh: '转化人数' },
      description: { en: 'Persons touched who are credited with a conversion.', zh: '被触达且获得转化归因的人数。' },
    },
    { label: { en: 'persons touched', zh: '触达人数' }, description: { en: 'Persons touched.', zh: '被触达的人数。' } },
  ],
}

function readList(mapping: Mapping, entity: Entity): string | undefined {
  const name = mapping.text('again')
  if (name === undefined || entity.fields.get(name)?.agg === 'list') return name
  const lists = [...entity.fields.values()].filter(field => field.agg === 'list').map(field => field.name)
  const known = entity.fields.has(name)
  mapping.source.report(
    mapping.at('again'),
    known ? 'type_error' : 'unknown_name',
    known
      ? `again of ${mapping.what}: ${name} is one value, not a list of times.`
      : `again of ${mapping.what}: entity ${entity.name} has no field ${name}.`,
    didYouMean(name, lists) ?? `Declare a field of entity ${entity.name} with agg: list.`,
  )
  return undefined
}
