import { useState } from 'preact/hooks'
import { type Alert, useAlerts } from '../../api/alerts.ts'
import { LongTextField } from '../../parts/form/fields.tsx'
import { wrongWith } from '../../parts/form/refusal.tsx'
import { SignedForm } from '../../parts/form/signed-form.tsx'
import { signature } from '../../parts/form/signer.tsx'
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
  const sending = useSending()
  const submit = async () => {
    setMissing(comment.trim() === '')
    if (comment.trim() === '') return
    const body = { comment: comment.trim(), ...signature() }
    const taken = await sending.send<Alert>('POST', `/v1/alerts/${encodeURIComponent(alert.id)}/acknowledge`, body)
    if (taken === null) return
    rememberAcknowledged(taken)
    again()
    onClose()
  }
  return (
    <SignedForm
      id="acknowledge-form"
      title={words.acknowledgeTitle(alert.alert)}
      submit={words.acknowledge}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{words.acknowledgeAbout}</p>
      <LongTextField
        name="comment"
        label={words.comment}
        hint={words.commentHint}
        wrong={isMissing ? words.commentMissing : wrongWith(sending.refused, 'comment')}
        value={comment}
        onInput={setComment}
      />
    </SignedForm>
  )
}
