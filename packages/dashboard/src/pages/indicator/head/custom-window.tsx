import { useState } from 'preact/hooks'
import { fromLocalText, toLocalText } from '../../../format/local-time.ts'
import { place } from '../../../format/place.ts'
import { spoken } from '../../../settings/language.ts'
import type { Asked } from '../asked.ts'
import { WORDS } from './words.ts'

const textOf = (time: string, timezone: string): string => {
  const instant = Date.parse(time)
  return Number.isNaN(instant) ? '' : toLocalText(instant, timezone)
}

/** A window by its bounds, told by the clock of the catalog's zone wherever the reader is. */
export function CustomWindow({ asked, onChange }: { asked: Asked; onChange: (change: Partial<Asked>) => void }) {
  const words = spoken(WORDS)
  const { timezone } = place.value
  const [from, setFrom] = useState(() => textOf(asked.from, timezone))
  const [to, setTo] = useState(() => textOf(asked.to, timezone))
  const [wrong, setWrong] = useState<{ of: 'from' | 'to'; text: string } | null>(null)
  const apply = (event: Event) => {
    event.preventDefault()
    const [begin, end] = [fromLocalText(from, timezone), to === '' ? null : fromLocalText(to, timezone)]
    if (begin === null) return setWrong({ of: 'from', text: words.notATime })
    if (to !== '' && end === null) return setWrong({ of: 'to', text: words.notATime })
    if (end !== null && end <= begin) return setWrong({ of: 'to', text: words.notAfter })
    setWrong(null)
    onChange({
      from: new Date(begin).toISOString(),
      to: end === null ? '' : new Date(end).toISOString(),
    })
  }
  const field = (of: 'from' | 'to', value: string, set: (text: string) => void) => (
    <label>
      {words[of]}
      <input
        type="datetime-local"
        id={`custom-${of}`}
        value={value}
        aria-invalid={wrong?.of === of}
        aria-describedby={wrong?.of === of ? 'custom-wrong' : 'custom-zone'}
        onInput={event => set(event.currentTarget.value)}
      />
    </label>
  )
  return (
    <form class="custom-window" onSubmit={apply}>
      {field('from', from, setFrom)}
      {field('to', to, setTo)}
      <button type="submit">{words.apply}</button>
      <small id="custom-zone">{words.zone(timezone)}</small>
      {wrong !== null && (
        <p id="custom-wrong" role="alert" class="wrong">
          {wrong.text}
        </p>
      )}
    </form>
  )
}
