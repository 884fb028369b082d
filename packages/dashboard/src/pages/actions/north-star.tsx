import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { useAnswer } from '../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { fromLocalText } from '../../format/local-time.ts'
import { formatList } from '../../format/numbers.ts'
import { place } from '../../format/place.ts'
import { formatMinute } from '../../format/times.ts'
import { Moved } from '../../parts/actions/action-form.tsx'
import { Answered } from '../../parts/answered.tsx'
import { Dialog } from '../../parts/form/dialog.tsx'
import { Field } from '../../parts/form/field.tsx'
import { Refusal, wrongWith } from '../../parts/form/refusal.tsx'
import { Signer, signature } from '../../parts/form/signer.tsx'
import { useSending } from '../../parts/form/use-sending.ts'
import { spoken } from '../../settings/language.ts'
import { WORDS } from './words.ts'

type Star = Answer<'northStar'>

/** Which indicators lead, which led before and why, and choosing others. */
export function NorthStar() {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  const answer = useAnswer<Star>('/v1/north-star', 15_000)
  const [isOpen, setOpen] = useState(false)
  return (
    <section class="panel north" aria-labelledby="north-title">
      <div class="panel-head">
        <h2 id="north-title">★ {words.star}</h2>
        <button type="button" id="set-north-star" disabled={answer.value === null} onClick={() => setOpen(true)}>
          {words.setStar}
        </button>
      </div>
      <Answered answer={answer}>
        {({ indicators: leading, history }) => (
          <>
            <p class="aside">{leading.length === 0 ? words.nothingLeads : words.leads}</p>
            <ul class="leading">
              {leading.map(id => (
                <li key={id}>
                  <Link href={`/indicators/${encodeURIComponent(id)}`}>{nameIn(indicators, id)}</Link>
                </li>
              ))}
            </ul>
            {history.length > 0 && (
              <details>
                <summary>{words.history}</summary>
                <ol class="star-history">
                  {history.map(entry => (
                    <li key={`${entry.from} ${entry.reason}`}>
                      <strong>{formatList(entry.indicators.map(id => nameIn(indicators, id)))}</strong>{' '}
                      <small>
                        {(Date.parse(entry.from) > Date.now() ? words.coming : words.since)(
                          formatMinute(entry.from),
                          entry.set_by,
                        )}
                      </small>
                      <p>{entry.reason}</p>
                    </li>
                  ))}
                </ol>
              </details>
            )}
          </>
        )}
      </Answered>
      {isOpen && answer.value !== null && (
        <StarForm
          leading={answer.value.indicators}
          onSet={() => {
            setOpen(false)
            answer.again()
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  )
}

function StarForm({ leading, onSet, onClose }: { leading: readonly string[]; onSet: () => void; onClose: () => void }) {
  const words = spoken(WORDS)
  const { timezone } = place.value
  const [chosen, choose] = useState(leading)
  const [from, setFrom] = useState('')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState<Partial<Record<'indicators' | 'from' | 'reason', string>>>({})
  const { isSending, refused, send } = useSending()
  const submit = async (event: Event) => {
    event.preventDefault()
    const begin = from === '' ? null : fromLocalText(from, timezone)
    const mistakes = {
      ...(chosen.length === 0 ? { indicators: words.whichMissing } : {}),
      ...(from !== '' && begin === null ? { from: words.notATime } : {}),
      ...(reason.trim() === '' ? { reason: words.reasonMissing } : {}),
    }
    setWrong(mistakes)
    if (Object.keys(mistakes).length > 0) return
    const answered = await send<Star>('PUT', '/v1/north-star', {
      indicators: chosen,
      reason: reason.trim(),
      ...(begin === null ? {} : { from: new Date(begin).toISOString() }),
      ...signature(),
    })
    if (answered !== null) onSet()
  }
  return (
    <Dialog title={words.formTitle} onClose={onClose}>
      <form id="north-star-form" noValidate onSubmit={submit}>
        <Moved
          legend={words.which}
          moved={chosen}
          wrong={wrong.indicators ?? wrongWith(refused, 'indicators')}
          onChange={choose}
        />
        <Field
          label={`${words.from} (${timezone})`}
          hint={words.fromHint}
          wrong={wrong.from ?? wrongWith(refused, 'from')}
        >
          {given => (
            <input
              {...given}
              name="from"
              type="datetime-local"
              value={from}
              onInput={event => setFrom(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={words.reason} hint={words.reasonHint} wrong={wrong.reason ?? wrongWith(refused, 'reason')}>
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
            {isSending ? words.sending : words.submit}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
