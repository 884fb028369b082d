import { useState } from 'preact/hooks'
import { ask } from '../../../api/ask.ts'
import { formatValue } from '../../../format/numbers.ts'
import { Dialog } from '../../../parts/form/dialog.tsx'
import { Field } from '../../../parts/form/field.tsx'
import { Refusal } from '../../../parts/form/refusal.tsx'
import { Signer, signature } from '../../../parts/form/signer.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { spoken } from '../../../settings/language.ts'
import type { Detail, Target, Targets } from '../answers.ts'
import { allTargetsPath, targetsPath } from '../questions.ts'
import { withoutTarget } from './draft.ts'
import { WORDS } from './words.ts'

/** Takes back a target that was set; the others go on. */
export function WithdrawForm({
  detail,
  target,
  onDone,
  onClose,
}: {
  detail: Detail
  target: Target
  onDone: () => void
  onClose: () => void
}) {
  const words = spoken(WORDS)
  const [reason, setReason] = useState('')
  const [isWrong, setWrong] = useState(false)
  const { isSending, refused, run } = useSending()
  const submit = async (event: Event) => {
    event.preventDefault()
    setWrong(reason.trim() === '')
    if (reason.trim() === '') return
    const answered = await run(async () => {
      const { items } = await ask<Targets>(allTargetsPath(detail.id))
      const body = { items: withoutTarget(items, target, Date.now()), reason: reason.trim(), ...signature() }
      return ask<Targets>(targetsPath(detail.id), { method: 'PUT', body })
    })
    if (answered !== null) onDone()
  }
  return (
    <Dialog title={words.withdrawTitle} onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <p>
          <strong>{formatValue(target.value, detail.unit)}</strong>
        </p>
        <p>{words.withdrawText}</p>
        <Field label={words.reason} hint={words.reasonHint} wrong={isWrong ? words.reasonMissing : null}>
          {given => (
            <textarea
              {...given}
              name="reason"
              maxLength={500}
              value={reason}
              onInput={event => setReason(event.currentTarget.value)}
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
            {isSending ? words.sending : words.withdraw}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
