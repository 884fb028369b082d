import type { ComponentChildren } from 'preact'
import { spoken, type Words } from '../../settings/language.ts'
import { Dialog } from './dialog.tsx'
import { Refusal } from './refusal.tsx'
import { Signer } from './signer.tsx'
import type { Sending } from './use-sending.ts'

const WORDS: Words<{ cancel: string; sending: string }> = {
  en: { cancel: 'Cancel', sending: 'Sending…' },
  zh: { cancel: '取消', sending: '提交中…' },
}

/** A form in a dialog: what is entered, who says so, why it was refused, and the way on or out. */
export function SignedForm({
  id,
  title,
  submit,
  sending: { isSending, refused },
  onSubmit,
  onClose,
  children,
}: {
  id: string
  title: string
  /** what the button that sends it says */
  submit: string
  sending: Sending
  onSubmit: () => Promise<void>
  onClose: () => void
  children: ComponentChildren
}) {
  const words = spoken(WORDS)
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        id={id}
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void onSubmit()
        }}
      >
        {children}
        <Signer />
        {refused !== null && <Refusal refused={refused} />}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" disabled={isSending}>
            {isSending ? words.sending : submit}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
