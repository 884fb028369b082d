import { place } from '../../format/place.ts'
import { Field } from './field.tsx'

interface InputProps {
  /** under which a form finds it again; the API's name of what it enters */
  readonly name: string
  readonly label: string
  readonly hint?: string | undefined
  /** what is wrong with it */
  readonly wrong?: string | null
  readonly value: string
  readonly onInput: (text: string) => void
}

/** Most letters of a text that is told in one breath: a reason, a label, a name of who does it. */
const SHORT = 500

/** A text of one line. */
export function TextField({ name, label, hint, wrong = null, value, onInput }: InputProps) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {tied => (
        <input
          {...tied}
          name={name}
          type="text"
          maxLength={SHORT}
          value={value}
          onInput={event => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** A text of several lines; `verbatim` is written in a notation, which no spelling is looked up for. */
export function LongTextField({
  name,
  label,
  hint,
  wrong = null,
  value,
  most = SHORT,
  verbatim = false,
  onInput,
}: InputProps & { readonly most?: number; readonly verbatim?: boolean }) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {tied => (
        <textarea
          {...tied}
          name={name}
          maxLength={most}
          spellcheck={!verbatim}
          value={value}
          onInput={event => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** A day and a time of day, as the clock of the catalog's zone shows it: `momentOf` reads it. */
export function MomentField({ name, label, hint, wrong = null, value, onInput }: InputProps) {
  return (
    <Field label={`${label} (${place.value.timezone})`} hint={hint} wrong={wrong}>
      {tied => (
        <input
          {...tied}
          name={name}
          type="datetime-local"
          value={value}
          onInput={event => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
