import { formatList } from '../../../format/numbers.ts'
import { formatWindow } from '../../../format/times.ts'
import { spoken } from '../../../settings/language.ts'
import type { Detail } from '../answers.ts'
import { type Asked, NO_WINDOW, PERIODS, withoutPart } from '../asked.ts'
import { SecondChoice } from '../course/second.tsx'
import { CustomWindow } from './custom-window.tsx'
import { WORDS } from './words.ts'

const WINDOWS = ['1h', '1d', '7d', '30d', '90d', '365d'] as const
const COMPARISONS = ['', 'week', 'year', 'none'] as const
const CUSTOM = 'custom'

interface ControlsProps {
  readonly detail: Detail
  readonly asked: Asked
  /** of the answer, to begin from where a window of one's own is chosen */
  readonly answered: { readonly from: number; readonly to: number } | null
  readonly onChange: (change: Partial<Asked>) => void
}

/** What of the indicator is looked at: window, comparison, part. */
export function Controls({ detail, asked, answered, onChange }: ControlsProps) {
  const words = spoken(WORDS)
  const chosen = asked.from !== '' ? CUSTOM : asked.period !== '' ? asked.period : asked.window
  const chooseWindow = (choice: string) => {
    if (choice === CUSTOM) {
      if (answered !== null)
        onChange({ ...NO_WINDOW, from: new Date(answered.from).toISOString(), to: new Date(answered.to).toISOString() })
      return
    }
    const period = PERIODS.find(one => one === choice)
    onChange({ ...NO_WINDOW, ...(period === undefined ? { window: choice } : { period }), step: '' })
  }
  const windows = WINDOWS.filter(length => length !== detail.window)
  const isOther = asked.window !== '' && !windows.some(length => length === asked.window)
  return (
    <div class="controls">
      <div class="choices-row">
        <label>
          {words.window}
          <select id="window" value={chosen} onChange={event => chooseWindow(event.currentTarget.value)}>
            <option value="">{words.ownWindow(formatWindow(detail.window))}</option>
            {windows.map(length => (
              <option key={length} value={length}>
                {formatWindow(length)}
              </option>
            ))}
            {isOther && <option value={asked.window}>{formatWindow(asked.window)}</option>}
            {PERIODS.map(period => (
              <option key={period} value={period}>
                {words.soFar[period]}
              </option>
            ))}
            <option value={CUSTOM}>{words.custom}</option>
          </select>
        </label>
        <label>
          {words.compare}
          <select
            id="compare"
            value={asked.compare}
            onChange={event => onChange({ compare: event.currentTarget.value as Asked['compare'] })}
          >
            {COMPARISONS.map(one => (
              <option key={one} value={one}>
                {words.comparisons[one]}
              </option>
            ))}
          </select>
        </label>
        <SecondChoice detail={detail} second={asked.second} onChange={second => onChange({ second })} />
        {asked.from === '' && (
          <fieldset class="joined" aria-label={words.chart}>
            {(['', 'window'] as const).map(chart => (
              <button
                key={chart}
                type="button"
                data-chart={chart === '' ? 'history' : 'window'}
                aria-pressed={asked.chart === chart}
                onClick={() => onChange({ chart })}
              >
                {chart === '' ? words.history : words.alone}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {asked.from !== '' && <CustomWindow key={`${asked.from} ${asked.to}`} asked={asked} onChange={onChange} />}
      {asked.parts.length > 0 && (
        <ul class="parts" aria-label={words.parts}>
          {asked.parts.map(({ dimension, values }) => {
            const text = words.part(dimension, formatList(values.map(value => value || words.unnamed)))
            return (
              <li key={dimension}>
                {text}
                <button
                  type="button"
                  aria-label={words.remove(text)}
                  onClick={() => onChange({ parts: withoutPart(asked.parts, dimension) })}
                >
                  ×
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
