import type { Attribution, Entity, Funnel, FunnelStep, Indicator } from '@kivi/domain'
import { isMap, isScalar } from 'yaml'
import type { Mapping } from '../../mapping.ts'
import { didYouMean } from '../../suggest.ts'
import { MOST_DIMENSIONS } from '../measures.ts'
import type { FormulaOfType } from './formula.ts'
import { TYPE_KEYS } from './keys.ts'
import { madeMapping } from './made-mapping.ts'
import { wholeNumber } from './numbers.ts'

/** Types that are written out as a ratio of two measures, which are made for them. */
export type WrittenOutType = NonNullable<Indicator['declared']>

export const OVER = ['touches', 'persons'] as const
export const RULES = ['on', 'on_or_after'] as const

/** an answer may stay provisional for 400 days, and day N has to be over */
export const LAST_DAY = 399
const LONGEST_ID = 64

/** What the measures are made over. */
export interface Subjects {
  readonly entities: ReadonlyMap<string, Entity>
  /** with what every touch tells of itself */
  readonly attributions: ReadonlyMap<string, Attribution & { readonly dimensions: readonly string[] }>
  readonly funnels: ReadonlyMap<string, Funnel>
}

interface Words {
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

/** The ratio that an indicator of such a type is; null where the file does not say enough, which is told elsewhere. */
export function writtenOutFormula(id: string, type: WrittenOutType, mapping: Mapping): FormulaOfType<'ratio'> | null {
  const suffixes = suffixesOf(type, mapping)
  return suffixes && { type: 'ratio', numerator: `${id}_${suffixes[0]}`, denominator: `${id}_${suffixes[1]}` }
}

function suffixesOf(type: WrittenOutType, mapping: Mapping): readonly [string, string] | null {
  if (type === 'retention') return ['retained', 'cohort']
  if (type === 'funnel') return ['finished', 'entered']
  const over = OVER.find(name => name === textOf(mapping, 'over'))
  return over === undefined ? null : [`converted_${over}`, over]
}

/**
 * The measures of all such indicators by id, as if the file had declared them. What is wrong is reported at the
 * indicator's own keys, so that nobody has to mend what they did not write.
 * @param taken ids that the files declare
 */
export function writeOutMeasures(
  indicators: ReadonlyMap<string, Mapping>,
  taken: ReadonlySet<string>,
  subjects: Subjects,
): Map<string, Mapping> {
  const measures = new Map<string, Mapping>()
  for (const [id, mapping] of indicators) {
    const type = textOf(mapping, 'type')
    if (!isWrittenOut(type) || !TYPE_KEYS[type].required.every(key => mapping.has(key))) continue
    const pair = WRITE[type](mapping, subjects)
    const suffixes = suffixesOf(type, mapping)
    if (pair === null || suffixes === null) continue
    const told = new Set<string>()
    pair.forEach(({ label, description, keys }, i) => {
      const made = `${id}_${suffixes[i]}`
      if (!isFree(made, taken, mapping)) return
      measures.set(made, madeMapping(mapping, { label: joined(labelOf(mapping), label), description, ...keys }, told))
    })
  }
  return measures
}

export function isWrittenOut(type: string | undefined): type is WrittenOutType {
  return type === 'conversion' || type === 'retention' || type === 'funnel'
}

function isFree(id: string, taken: ReadonlySet<string>, mapping: Mapping): boolean {
  const made = `${mapping.what} is made of a measure ${id}`
  const advice = 'Give one of them another id.'
  if (taken.has(id))
    mapping.source.report(mapping.keyOf(), 'duplicate_id', `${made}, and another definition has that id.`, advice)
  else if (id.length > LONGEST_ID)
    mapping.source.report(
      mapping.keyOf(),
      'bad_id',
      `${made}, an id of more than ${LONGEST_ID} letters.`,
      'Shorten it.',
    )
  else return true
  return false
}

const WRITE: Readonly<Record<WrittenOutType, (mapping: Mapping, subjects: Subjects) => Pair | null>> = {
  conversion(mapping, { attributions }) {
    const attribution = find(mapping, 'attribution', attributions)
    const over = mapping.oneOf('over', OVER)
    if (attribution === undefined || over === undefined) return null
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
    const entity = find(mapping, 'entity', entities)
    const day = wholeNumber(mapping, 'day', 1, LAST_DAY)
    const rule = mapping.oneOf('rule', RULES) ?? 'on'
    const first = mapping.text('first')
    const again = entity && readList(mapping, entity)
    if (entity === undefined || day === undefined || first === undefined || again === undefined) return null
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
    const funnel = find(mapping, 'funnel', funnels)
    const [first, last] = [funnel?.steps[0], funnel?.steps.at(-1)]
    if (funnel === undefined || first === undefined || last === undefined) return null
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

function find<T>(mapping: Mapping, key: string, known: ReadonlyMap<string, T>): T | undefined {
  const name = mapping.text(key)
  const found = name === undefined ? undefined : known.get(name)
  if (name !== undefined && found === undefined)
    mapping.source.report(
      mapping.at(key),
      'unknown_name',
      `${key} of ${mapping.what}: there is no ${key} ${name}.`,
      didYouMean(name, known.keys()),
    )
  return found
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

const joined = (label: Partial<Words>, of: Words): Partial<Words> => ({
  en: `${label.en ?? ''}: ${of.en}`,
  ...(label.zh === undefined ? {} : { zh: `${label.zh}：${of.zh}` }),
})

/** the label without a word about what is wrong with it: that is told where the indicator is read */
function labelOf(mapping: Mapping): Partial<Words> {
  const node = mapping.value('label')
  if (!isMap(node)) return { en: textOf(mapping, 'label') ?? '' }
  const [en, zh] = ['en', 'zh'].map(language => node.get(language))
  return { en: String(en ?? ''), ...(typeof zh === 'string' ? { zh } : {}) }
}

function textOf(mapping: Mapping, key: string): string | undefined {
  const node = mapping.value(key)
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}
