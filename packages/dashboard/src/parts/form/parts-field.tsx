import { spoken, type Words } from '../../settings/language.ts'

interface PartWords {
  readonly legend: string
  readonly hint: string
  readonly dimension: string
  readonly value: string
  readonly add: string
  readonly remove: (dimension: string) => string
}

const WORDS: Words<PartWords> = {
  en: {
    legend: 'For which part',
    hint: 'All of it, unless you name a segment.',
    dimension: 'Dimension',
    value: 'Segment',
    add: 'Only a segment',
    remove: dimension => `Remove ${dimension}`,
  },
  zh: {
    legend: '适用范围',
    hint: '默认全部，除非指定某一段。',
    dimension: '维度',
    value: '段',
    add: '仅某一段',
    remove: dimension => `移除 ${dimension}`,
  },
}

/** A part that is being entered. */
export interface EnteredPart {
  readonly dimension: string
  readonly value: string
}

export const partOf = (parts: readonly EnteredPart[]): Record<string, string> =>
  Object.fromEntries(parts.filter(part => part.dimension !== '').map(({ dimension, value }) => [dimension, value]))

/** The segment that something is about: none, one dimension, or several. */
export function PartsField({
  dimensions,
  parts,
  wrong = null,
  onChange,
}: {
  dimensions: readonly string[]
  parts: readonly EnteredPart[]
  wrong?: string | null
  onChange: (parts: readonly EnteredPart[]) => void
}) {
  const words = spoken(WORDS)
  const left = dimensions.filter(name => !parts.some(part => part.dimension === name))
  if (dimensions.length === 0) return null
  const set = (index: number, change: Partial<EnteredPart>) =>
    onChange(parts.map((part, place) => (place === index ? { ...part, ...change } : part)))
  return (
    <fieldset class="parts-field">
      <legend>{words.legend}</legend>
      {parts.length === 0 && <small class="hint">{words.hint}</small>}
      {parts.map((part, index) => (
        <div key={part.dimension} class="part-row">
          <select
            aria-label={words.dimension}
            value={part.dimension}
            onChange={event => set(index, { dimension: event.currentTarget.value })}
          >
            {[part.dimension, ...left].map(name => (
              <option key={name} value={name}>
                {name.replace(/^properties\./, '')}
              </option>
            ))}
          </select>
          <input
            type="text"
            aria-label={`${words.value}: ${part.dimension}`}
            value={part.value}
            onInput={event => set(index, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            aria-label={words.remove(part.dimension)}
            onClick={() => onChange(parts.filter((_, place) => place !== index))}
          >
            ×
          </button>
        </div>
      ))}
      {left[0] !== undefined && (
        <button
          type="button"
          class="link"
          onClick={() => onChange([...parts, { dimension: left[0] as string, value: '' }])}
        >
          + {words.add}
        </button>
      )}
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  )
}
