import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { useAnswer } from '../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatList } from '../../format/numbers.ts'
import { formatMinute } from '../../format/times.ts'
import { IndicatorsField } from '../../parts/actions/indicators-field.tsx'
import { Answered } from '../../parts/answered.tsx'
import { LongTextField, MomentField } from '../../parts/form/fields.tsx'
import { momentOf, wrongMoment } from '../../parts/form/moment.ts'
import { Offered, WhyBarred } from '../../parts/form/offered.tsx'
import { wrongWith } from '../../parts/form/refusal.tsx'
import { SignedForm } from '../../parts/form/signed-form.tsx'
import { signature } from '../../parts/form/signer.tsx'
import { useSending } from '../../parts/form/use-sending.ts'
import { spoken } from '../../settings/language.ts'
import { WORDS } from './words.ts'

type Star = Answer<'northStar'>
type Wrong = Partial<Record<'indicators' | 'from' | 'reason', string>>

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
        <Offered deed="northStar">
          <button type="button" id="set-north-star" disabled={answer.value === null} onClick={() => setOpen(true)}>
            {words.setStar}
          </button>
        </Offered>
      </div>
      <WhyBarred deed="northStar" told="action" />
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
  const [chosen, choose] = useState(leading)
  const [from, setFrom] = useState('')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState<Wrong>({})
  const sending = useSending()
  const submit = async () => {
    const begin = momentOf(from)
    const mistakes: Wrong = {
      ...(chosen.length === 0 ? { indicators: words.whichMissing } : {}),
      ...wrongMoment('from', from),
      ...(reason.trim() === '' ? { reason: words.reasonMissing } : {}),
    }
    setWrong(mistakes)
    if (Object.keys(mistakes).length > 0) return
    const answered = await sending.send<Star>('PUT', '/v1/north-star', {
      indicators: chosen,
      reason: reason.trim(),
      ...(begin === null ? {} : { from: new Date(begin).toISOString() }),
      ...signature(),
    })
    if (answered !== null) onSet()
  }
  const wrongIn = (field: keyof Wrong) => wrong[field] ?? wrongWith(sending.refused, field)
  return (
    <SignedForm
      id="north-star-form"
      title={words.formTitle}
      submit={words.submit}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <IndicatorsField legend={words.which} chosen={chosen} wrong={wrongIn('indicators')} onChange={choose} />
      <MomentField
        name="from"
        label={words.from}
        hint={words.fromHint}
        wrong={wrongIn('from')}
        value={from}
        onInput={setFrom}
      />
      <LongTextField
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
