import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { spoken } from '../../settings/language.ts'
import { IndicatorPicker } from '../indicator-picker.tsx'
import './actions.css'
import { WORDS } from './words.ts'

/** A choice of several indicators, in an order of the reader's own. */
export function IndicatorsField({
  legend,
  chosen,
  wrong,
  onChange,
}: {
  legend: string
  chosen: readonly string[]
  wrong: string | null
  onChange: (chosen: readonly string[]) => void
}) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  return (
    <fieldset class="parts-field">
      <legend>{legend}</legend>
      <ul class="moved">
        {chosen.map(id => {
          const name = nameIn(indicators, id)
          return (
            <li key={id}>
              {name}
              <button
                type="button"
                aria-label={words.remove(name)}
                onClick={() => onChange(chosen.filter(one => one !== id))}
              >
                ×
              </button>
            </li>
          )
        })}
      </ul>
      <IndicatorPicker
        label={words.add}
        without={chosen}
        invalid={wrong !== null}
        onPick={id => onChange([...chosen, id])}
      />
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  )
}
