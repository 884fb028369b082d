import { useId, useRef, useState } from 'preact/hooks'
import { type Listed, useIndicators } from '../api/use-indicators.ts'
import { spoken, told, type Words } from '../settings/language.ts'
import './indicator-picker.css'
import { found } from './indicator-search.ts'

const WORDS: Words<{ none: string; hits: (count: number) => string }> = {
  en: { none: 'No indicator is called that', hits: count => `${count} indicators; choose with the arrow keys` },
  zh: { none: '没有这样的指标', hits: count => `${count} 个指标；用方向键选择` },
}

interface PickerProps {
  readonly label: string
  readonly placeholder?: string
  readonly without?: readonly string[]
  readonly onPick: (id: string) => void
  readonly invalid?: boolean
  readonly describedBy?: string
}

/** Finds an indicator by its name in either language, its id or its owner. */
export function IndicatorPicker({ label, placeholder, without = [], onPick, invalid, describedBy }: PickerProps) {
  const words = spoken(WORDS)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const indicators = useIndicators()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const hits = open ? found([...indicators.values()], text, without) : []
  const at = Math.min(active, hits.length - 1)
  const pick = (item: Listed) => {
    setText('')
    setOpen(false)
    onPick(item.id)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const item = hits[at]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      if (hits.length > 0) setActive((at + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % hits.length)
    } else if (event.key === 'Enter' && open) {
      // a form is sent by its button, not by a choice
      event.preventDefault()
      if (item !== undefined) pick(item)
    } else if (event.key === 'Escape' && open) {
      event.preventDefault()
      event.stopPropagation()
      setOpen(false)
    }
  }
  return (
    <div class="picker">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="text"
        role="combobox"
        autocomplete="off"
        placeholder={placeholder}
        aria-expanded={open && hits.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-invalid={invalid}
        aria-describedby={describedBy}
        {...(open && at >= 0 ? { 'aria-activedescendant': `${id}-${at}` } : {})}
        value={text}
        onInput={event => {
          setText(event.currentTarget.value)
          setActive(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" data-over aria-label={label} hidden={!open || hits.length === 0}>
        {hits.map((item, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, and names the active choice
          <div
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            ref={element => {
              if (index === at) element?.scrollIntoView({ block: 'nearest' })
            }}
            // before the input loses the focus, and the list with it
            onMouseDown={event => {
              event.preventDefault()
              pick(item)
            }}
          >
            {told(item.label)}
            <small>{item.id}</small>
          </div>
        ))}
      </div>
      <p class="visually-hidden" role="status">
        {open && (hits.length === 0 ? words.none : words.hits(hits.length))}
      </p>
      {open && hits.length === 0 && indicators.size > 0 && <p class="picker-none">{words.none}</p>}
    </div>
  )
}
