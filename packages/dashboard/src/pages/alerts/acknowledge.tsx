import { useState } from 'preact/hooks'
import { type Alert, useAlerts } from '../../api/alerts.ts'
import { Dialog } from '../../parts/form/dialog.tsx'
import { Field } from '../../parts/form/field.tsx'
import { Refusal, wrongWith } from '../../parts/form/refusal.tsx'
import { Signer, signature } from '../../parts/form/signer.tsx'
import { useSending } from '../../parts/form/use-sending.ts'
import { spoken } from '../../settings/language.ts'
import { acknowledgedOf, rememberAcknowledged } from './use-acknowledged.ts'
import { WORDS } from './words.ts'

/** Takes care of an alert; nothing where somebody does already. */
export function AcknowledgeButton({ alert }: { alert: Alert }) {
  const words = spoken(WORDS)
  const [isOpen, setOpen] = useState(false)
  if (acknowledgedOf(alert) !== null) return null
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {words.acknowledge}
      </button>
      {isOpen && <AcknowledgeForm alert={alert} onClose={() => setOpen(false)} />}
    </>
  )
}

function AcknowledgeForm({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const words = spoken(WORDS)
  const { again } = useAlerts()
  const [comment, setComment] = useState('')
  const [isMissing, setMissing] = useState(false)
  const { isSending, refused, send } = useSending()
  const submit = async (event: Event) => {
    event.preventDefault()
    setMissing(comment.trim() === '')
    if (comment.trim() === '') return
    const body = { comment: comment.trim(), ...signature() }
    const taken = await send<Alert>('POST', `/v1/alerts/${encodeURIComponent(alert.id)}/acknowledge`, body)
    if (taken === null) return
    rememberAcknowledged(taken)
    again()
    onClose()
  }
  return (
    <Dialog title={words.acknowledgeTitle(alert.alert)} onClose={onClose}>
      <form id="acknowledge-form" noValidate onSubmit={submit}>
        <p>{words.acknowledgeAbout}</p>
        <Field
          label={words.comment}
          hint={words.commentHint}
          wrong={isMissing ? words.commentMissing : wrongWith(refused, 'comment')}
        >
          {given => (
            <textarea
              {...given}
              name="comment"
              maxLength={500}
              value={comment}
              onInput={event => setComment(event.currentTarget.value)}
            />
          )}
        </Field>
        <Signer />
        {refused !== null && <Refusal refused={refused} />}
        <div class="buttons">
          <button type="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" disabled={isSending}>
            {isSending ? words.saving : words.acknowledge}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
