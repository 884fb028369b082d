import { useState } from 'preact/hooks'
import { useAlerts } from '../../../api/alerts.ts'
import { formatCount } from '../../../format/numbers.ts'
import { LongTextField, MomentField, TextField } from '../../../parts/form/fields.tsx'
import { momentOf, momentText, thisMinute, wrongMoment } from '../../../parts/form/moment.ts'
import { wrongWith } from '../../../parts/form/refusal.tsx'
import { SignedForm } from '../../../parts/form/signed-form.tsx'
import { signature } from '../../../parts/form/signer.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { spoken } from '../../../settings/language.ts'
import { matched, readMatchers, type Silence } from '../told-alert.ts'
import { WORDS } from '../words.ts'

const DEFAULT_MS = 2 * 3_600_000

type Wrong = Partial<Record<'matchers' | 'from' | 'until' | 'reason', string>>

/** Sets a silence, or changes one: what, why, from when and until when. */
export function SilenceForm({
  silence,
  matchers: given = [],
  onSaved,
  onClose,
}: {
  /** to change; null: a new one */
  silence: Silence | null
  /** of a new one */
  matchers?: readonly string[]
  onSaved: (silence: Silence) => void
  onClose: () => void
}) {
  const words = spoken(WORDS)
  const { value: alerts } = useAlerts()
  const [lines, setLines] = useState((silence?.matchers ?? given).join('\n'))
  const [from, setFrom] = useState(() => momentText(silence?.from ?? null))
  const [until, setUntil] = useState(() => momentText(silence?.until ?? thisMinute() + DEFAULT_MS))
  const [reason, setReason] = useState(silence?.reason ?? '')
  const [wrong, setWrong] = useState<Wrong>({})
  const sending = useSending()
  const read = readMatchers(lines)
  const firing = alerts?.items.filter(alert => alert.state === 'firing') ?? []

  const submit = async () => {
    const [begin, end] = [momentOf(from), momentOf(until)]
    const isOver = end !== null && end <= Math.max(begin ?? 0, Date.now())
    const mistakes: Wrong = {
      ...(read.matchers.length === 0 ? { matchers: words.matchersMissing } : {}),
      ...(read.wrong === null ? {} : { matchers: words.matcherWrong(read.wrong) }),
      ...wrongMoment('from', from),
      ...wrongMoment('until', until, true),
      ...(isOver ? { until: words.isOver } : {}),
      ...(reason.trim() === '' ? { reason: words.reasonMissing } : {}),
    }
    setWrong(mistakes)
    if (end === null || Object.keys(mistakes).length > 0) return
    const saved = await sending.send<Silence>('POST', '/v1/silences', {
      ...(silence === null ? {} : { id: silence.id }),
      matchers: read.matchers,
      ...(begin === null ? {} : { from: new Date(begin).toISOString() }),
      until: new Date(end).toISOString(),
      reason: reason.trim(),
      ...signature(),
    })
    if (saved !== null) onSaved(saved)
  }
  const wrongIn = (field: keyof Wrong) => wrong[field] ?? wrongWith(sending.refused, field)
  return (
    <SignedForm
      id="silence-form"
      title={silence === null ? words.newSilence : words.changeSilence}
      submit={words.save}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <LongTextField
        name="matchers"
        label={words.matchers}
        hint={words.matchersHint}
        wrong={wrongIn('matchers')}
        value={lines}
        most={5000}
        verbatim
        onInput={setLines}
      />
      {read.wrong === null && read.matchers.length > 0 && (
        <p role="status" class="hint" data-matched>
          {words.mutesNow(formatCount(matched(firing, read.matchers).length))}
        </p>
      )}
      <div class="side-by-side">
        <MomentField name="from" label={words.from} wrong={wrongIn('from')} value={from} onInput={setFrom} />
        <MomentField name="until" label={words.until} wrong={wrongIn('until')} value={until} onInput={setUntil} />
      </div>
      <TextField
        name="reason"
        label={words.reason}
        hint={words.reasonHint}
        wrong={wrongIn('reason')}
        value={reason}
        onInput={setReason}
      />
    </SignedForm>
  )
}
