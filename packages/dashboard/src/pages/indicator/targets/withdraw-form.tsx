import { useState } from 'preact/hooks'
import { ask } from '../../../api/ask.ts'
import { formatValue } from '../../../format/numbers.ts'
import { LongTextField } from '../../../parts/form/fields.tsx'
import { SignedForm } from '../../../parts/form/signed-form.tsx'
import { signature } from '../../../parts/form/signer.tsx'
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
  const [isMissing, setMissing] = useState(false)
  const sending = useSending()
  const submit = async () => {
    setMissing(reason.trim() === '')
    if (reason.trim() === '') return
    const answered = await sending.run(async () => {
      const { items } = await ask<Targets>(allTargetsPath(detail.id))
      const body = { items: withoutTarget(items, target, Date.now()), reason: reason.trim(), ...signature() }
      return ask<Targets>(targetsPath(detail.id), { method: 'PUT', body })
    })
    if (answered !== null) onDone()
  }
  return (
    <SignedForm
      id="withdraw-form"
      title={words.withdrawTitle}
      submit={words.withdraw}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        <strong>{formatValue(target.value, detail.unit)}</strong>
      </p>
      <p>{words.withdrawText}</p>
      <LongTextField
        name="reason"
        label={words.reason}
        hint={words.reasonHint}
        wrong={isMissing ? words.reasonMissing : null}
        value={reason}
        onInput={setReason}
      />
    </SignedForm>
  )
}
