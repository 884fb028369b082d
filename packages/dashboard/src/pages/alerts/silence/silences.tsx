import type { Answer as Told } from '@kivi/client'
import { useState } from 'preact/hooks'
import { useBarred } from '../../../api/access.ts'
import { type Alert, useAlerts } from '../../../api/alerts.ts'
import { ask } from '../../../api/ask.ts'
import type { Answer } from '../../../api/use-answer.ts'
import { formatCount } from '../../../format/numbers.ts'
import { formatMinute } from '../../../format/times.ts'
import { Answered } from '../../../parts/answered.tsx'
import { Offered } from '../../../parts/form/offered.tsx'
import { Refusal } from '../../../parts/form/refusal.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { Wide } from '../../../parts/wide.tsx'
import { spoken } from '../../../settings/language.ts'
import { matched, type Silence } from '../told-alert.ts'
import { WORDS } from '../words.ts'
import { SilenceForm } from './silence-form.tsx'

/** What is silenced, until when and why; ends and changes them. */
export function Silences({ answer, alerts }: { answer: Answer<Told<'silences'>>; alerts: readonly Alert[] }) {
  const words = spoken(WORDS)
  const { again } = useAlerts()
  const [form, setForm] = useState<Silence | 'new' | null>(null)
  const { isSending, refused, run } = useSending()
  const changed = () => {
    answer.again()
    again()
  }
  const end = async ({ id }: Silence) => {
    const ended = await run(() => ask<Silence>(`/v1/silences/${encodeURIComponent(id)}`, { method: 'DELETE' }))
    if (ended !== null) changed()
  }
  const mayEnd = useBarred('silence') === null
  const firing = alerts.filter(alert => alert.state === 'firing')
  return (
    <section class="panel" data-part="silences">
      <div class="title">
        <h2>{words.silences}</h2>
        <Offered deed="silence">
          <button type="button" onClick={() => setForm('new')}>
            {words.newSilence}
          </button>
        </Offered>
      </div>
      <p class="about">{words.silencesAbout}</p>
      {refused !== null && <Refusal refused={refused} />}
      <Answered answer={answer}>
        {({ items }) => {
          const current = items.filter(item => item.state !== 'ended')
          const over = items.filter(item => item.state === 'ended')
          return (
            <>
              {current.length === 0 ? (
                <p>{words.noSilences}</p>
              ) : (
                <Table
                  label={words.silences}
                  silences={current}
                  firing={firing}
                  isSending={isSending}
                  {...(mayEnd ? { onEnd: silence => void end(silence), onChange: setForm } : {})}
                />
              )}
              {over.length > 0 && (
                <details>
                  <summary>{words.endedLately(formatCount(over.length))}</summary>
                  <Table label={words.endedLately(formatCount(over.length))} silences={over} firing={firing} />
                </details>
              )}
            </>
          )
        }}
      </Answered>
      {form !== null && (
        <SilenceForm
          silence={form === 'new' ? null : form}
          onSaved={() => {
            setForm(null)
            changed()
          }}
          onClose={() => setForm(null)}
        />
      )}
    </section>
  )
}

function Table({
  label,
  silences,
  firing,
  isSending = false,
  onEnd,
  onChange,
}: {
  label: string
  silences: readonly Silence[]
  firing: readonly Alert[]
  isSending?: boolean
  /** without: they are over, or the reader may not end them */
  onEnd?: (silence: Silence) => void
  onChange?: (silence: Silence) => void
}) {
  const words = spoken(WORDS)
  return (
    <Wide label={label}>
      <table>
        <caption class="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{words.matchers}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.from}</th>
            <th scope="col">{words.until}</th>
            <th scope="col">{words.author}</th>
            <th scope="col" class="words">
              {words.reason}
            </th>
            <th scope="col">{words.mutes}</th>
            {onEnd !== undefined && (
              <th scope="col">
                <span class="visually-hidden">{words.end}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {silences.map(silence => (
            <tr key={silence.id} data-silence={silence.id} data-state={silence.state}>
              <th scope="row">
                <code>{silence.matchers.join(' ')}</code>
              </th>
              <td>{words.silenceStates[silence.state]}</td>
              <td>{formatMinute(silence.from)}</td>
              <td>{formatMinute(silence.until)}</td>
              <td>{silence.author}</td>
              <td class="words">{silence.reason}</td>
              <td>{formatCount(silence.state === 'active' ? matched(firing, silence.matchers).length : 0)}</td>
              {onEnd !== undefined && (
                <td class="deeds">
                  <button type="button" onClick={() => onChange?.(silence)}>
                    {words.change}
                  </button>
                  <button type="button" disabled={isSending} data-end={silence.id} onClick={() => onEnd(silence)}>
                    {words.end}
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
