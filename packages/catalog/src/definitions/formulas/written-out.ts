import { isMap, isScalar } from 'yaml'
import type { Mapping } from '../../mapping.ts'
import type { FormulaOfType } from './formula.ts'
import { TYPE_KEYS } from './keys.ts'
import { madeMapping } from './made-mapping.ts'
import { OVER, type Subjects, type Words, WRITE, type WrittenOutType } from './pairs.ts'

const LONGEST_ID = 64

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
