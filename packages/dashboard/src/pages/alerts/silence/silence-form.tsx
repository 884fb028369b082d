import { useState } from 'preact/hooks'
import { useAlerts } from '../../../api/alerts.ts'
import { fromLocalText, toLocalText } from '../../../format/local-time.ts'
import { formatCount } from '../../../format/numbers.ts'
import { place } from '../../../format/place.ts'
import { Dialog } from '../../../parts/form/dialog.tsx'
import { Field } from '../../../parts/form/field.tsx'
import { Refusal, wrongWith } from '../../../parts/form/refusal.tsx'
import { Signer, signature } from '../../../parts/form/signer.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { spoken } from '../../../settings/language.ts'
import { matched, readMatchers, type Silence } from '../told-alert.ts'
import { WORDS } from '../words.ts'

const MINUTE = 60_000
const DEFAULT_MS = 2 * 60 * MINUTE

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
  const { timezone } = place.value
  const [now] = useState(() => Math.floor(Date.now() / MINUTE) * MINUTE)
  const [lines, setLines] = useState((silence?.matchers ?? given).join('\n'))
  const [from, setFrom] = useState(silence === null ? '' : toLocalText(Date.parse(silence.from), timezone))
  const [until, setUntil] = useState(
    toLocalText(silence === null ? now + DEFAULT_MS : Date.parse(silence.until), timezone),
  )
  const [reason, setReason] = useState(silence?.reason ?? '')
  const [wrong, setWrong] = useState<Wrong>({})
  const { isSending, refused, send } = useSending()
  const read = readMatchers(lines)
  const firing = alerts?.items.filter(alert => alert.state === 'firing') ?? []

  const submit = async (event: Event) => {
    event.preventDefault()
    const begin = from === '' ? null : fromLocalText(from, timezone)
    const end = fromLocalText(until, timezone)
    const isOver = end !== null && end <= Math.max(begin ?? 0, Date.now())
    const mistakes: Wrong = {
      ...(read.matchers.length === 0 ? { matchers: words.matchersMissing } : {}),
      ...(read.wrong === null ? {} : { matchers: words.matcherWrong(read.wrong) }),
      ...(from !== '' && begin === null ? { from: words.notATime } : {}),
      ...(end === null ? { until: words.notATime } : isOver ? { until: words.isOver } : {}),
      ...(reason.trim() === '' ? { reason: words.reasonMissing } : {}),
    }
    setWrong(mistakes)
    if (end === null || Object.keys(mistakes).length > 0) return
    const saved = await send<Silence>('POST', '/v1/silences', {
      ...(silence === null ? {} : { id: silence.id }),
      matchers: read.matchers,
      ...(begin === null ? {} : { from: new Date(begin).toISOString() }),
      until: new Date(end).toISOString(),
      reason: reason.trim(),
      ...signature(),
    })
    if (saved !== null) onSaved(saved)
  }
  const wrongIn = (field: keyof Wrong) => wrong[field] ?? wrongWith(refused, field)
  return (
    <Dialog title={silence === null ? words.newSilence : words.changeSilence} onClose={onClose}>
      <form id="silence-form" noValidate onSubmit={submit}>
        <Field label={words.matchers} hint={words.matchersHint} wrong={wrongIn('matchers')}>
          {tied => (
            <textarea
              {...tied}
              name="matchers"
              spellcheck={false}
              value={lines}
              onInput={event => setLines(event.currentTarget.value)}
            />
          )}
        </Field>
        {read.wrong === null && read.matchers.length > 0 && (
          <p role="status" class="hint" data-matched>
            {words.mutesNow(formatCount(matched(firing, read.matchers).length))}
          </p>
        )}
        <div class="side-by-side">
          <Field label={`${words.from} (${timezone})`} wrong={wrongIn('from')}>
            {tied => (
              <input
                {...tied}
                name="from"
                type="datetime-local"
                value={from}
                onInput={event => setFrom(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label={`${words.until} (${timezone})`} wrong={wrongIn('until')}>
            {tied => (
              <input
                {...tied}
                name="until"
                type="datetime-local"
                value={until}
                onInput={event => setUntil(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <Field label={words.reason} hint={words.reasonHint} wrong={wrongIn('reason')}>
          {tied => (
            <input
              {...tied}
              name="reason"
              type="text"
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
            {isSending ? words.saving : words.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
