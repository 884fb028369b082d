import { useState } from 'preact/hooks'
import { useAnswer } from '../../../api/use-answer.ts'
import { formatShare, formatValue } from '../../../format/numbers.ts'
import { place } from '../../../format/place.ts'
import { toldStretch } from '../../../parts/chart/told-point.ts'
import { spoken } from '../../../settings/language.ts'
import type { Attainment, Detail } from '../answers.ts'
import { PERIODS } from '../asked.ts'
import { attainmentPath } from '../questions.ts'
import { WORDS } from './words.ts'

const SLOW_MS = 60_000

/** In how many of the last whole periods the target of its time was attained, one by one. */
export function AttainmentShare({ detail }: { detail: Detail }) {
  const words = spoken(WORDS)
  const [chosen, choose] = useState('')
  const { value } = useAnswer<Attainment>(
    detail.targets.length === 0 ? null : attainmentPath(detail.id, chosen),
    SLOW_MS,
  )
  if (value === null) return null
  const { attained, periods, share } = value
  return (
    <div class="attainment">
      <div class="panel-head">
        <h3>{words.attainment}</h3>
        <label>
          {words.perLabel}
          <select id="attainment-per" value={value.per} onChange={event => choose(event.currentTarget.value)}>
            {PERIODS.map(period => (
              <option key={period} value={period}>
                {words.perNames[period]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p>{share === null ? words.notJudged : words.attained(attained, periods, formatShare(share))}</p>
      <ol class="periods">
        {value.items.map(item => (
          <Period key={item.from} item={item} unit={detail.unit} />
        ))}
      </ol>
    </div>
  )
}

function Period({ item, unit }: { item: Attainment['items'][number]; unit: string }) {
  const words = spoken(WORDS)
  const state = item.attained === null ? 'unknown' : item.attained ? 'yes' : 'no'
  const time = toldStretch(Date.parse(item.from), Date.parse(item.to), place.value.timezone)
  const value = item.value === null ? '' : formatValue(item.value, unit)
  const target = item.target === null ? '' : ` / ${formatValue(item.target, unit)}`
  const text = `${time}: ${words[state]}${value === '' ? '' : ` (${value}${target})`}`
  return (
    <li class={state} title={text}>
      <span class="visually-hidden">{text}</span>
    </li>
  )
}
