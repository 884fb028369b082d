import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

/** What ties an input to its label and to what is wrong with it. */
interface Given {
  readonly id: string
  readonly 'aria-invalid': boolean
  readonly 'aria-describedby'?: string
}

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** what is wrong with it */
  readonly wrong?: string | null
  readonly children: (given: Given) => ComponentChildren
}

/** An input with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, wrong = null, children }: FieldProps) {
  const id = useId()
  const describedBy = [...(hint === undefined ? [] : [`${id}-hint`]), ...(wrong === null ? [] : [`${id}-wrong`])]
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': wrong !== null,
        ...(describedBy.length === 0 ? {} : { 'aria-describedby': describedBy.join(' ') }),
      })}
      {hint !== undefined && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {wrong !== null && (
        <p id={`${id}-wrong`} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  )
}
