import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { type Alert, type AlertRule, useAlerts } from '../../../api/alerts.ts'
import { ask } from '../../../api/ask.ts'
import { formatMinute } from '../../../format/times.ts'
import { Refusal } from '../../../parts/form/refusal.tsx'
import { signature } from '../../../parts/form/signer.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { spoken } from '../../../settings/language.ts'
import { matchersOf, type Silence } from '../told-alert.ts'
import { WORDS } from '../words.ts'
import { SilenceForm } from './silence-form.tsx'

const LENGTHS = ['1h', '4h', '1d', '3d', '7d'] as const

/** Silences an alert in two clicks: for how long is the second one. */
export function SilenceMenu({
  alert,
  rule,
  onSilenced,
}: {
  alert: Alert
  rule: AlertRule | undefined
  onSilenced: () => void
}) {
  const words = spoken(WORDS)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const { again } = useAlerts()
  const [isOpen, setOpen] = useState(false)
  const [isForm, setForm] = useState(false)
  const [done, setDone] = useState<Silence | 'undone' | null>(null)
  const { isSending, refused, send, run } = useSending()
  const matchers = matchersOf(alert, rule)

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  useEffect(() => {
    // the dialog closes by itself, and the menu stays behind it
    if (!isOpen || isForm) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOpen, isForm])
  const finish = (silence: Silence | 'undone') => {
    setDone(silence)
    onSilenced()
    again()
  }
  const silence = async (duration: string) => {
    const body = { matchers, duration, reason: words.defaultReason, ...signature() }
    const saved = await send<Silence>('POST', '/v1/silences', body)
    if (saved === null) return
    close()
    finish(saved)
  }
  const undo = async (saved: Silence) => {
    const ended = await run(() => ask<Silence>(`/v1/silences/${encodeURIComponent(saved.id)}`, { method: 'DELETE' }))
    if (ended !== null) finish('undone')
  }
  return (
    <div class="silence-menu">
      <button ref={button} type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        {words.silence} <span aria-hidden="true">▾</span>
      </button>
      {/* in the flow of the page: nothing lies over anything, on a phone either */}
      <fieldset id={id} class="lengths" aria-label={words.silenceFor} hidden={!isOpen}>
        {LENGTHS.map(length => (
          <button
            key={length}
            type="button"
            data-length={length}
            disabled={isSending}
            onClick={() => void silence(length)}
          >
            {words.lengths[length]}
          </button>
        ))}
        <button type="button" data-length="other" onClick={() => setForm(true)}>
          {words.more}
        </button>
      </fieldset>
      <p role="status" class="done">
        {done === 'undone' && words.undone}
        {done !== null && done !== 'undone' && (
          <>
            {words.doneSilenced(formatMinute(done.until))}{' '}
            <button type="button" class="plain" disabled={isSending} onClick={() => void undo(done)}>
              {words.undo}
            </button>
          </>
        )}
      </p>
      {refused !== null && <Refusal refused={refused} />}
      {isForm && (
        <SilenceForm
          silence={null}
          matchers={matchers}
          onSaved={saved => {
            setForm(false)
            setOpen(false)
            finish(saved)
          }}
          onClose={() => setForm(false)}
        />
      )}
    </div>
  )
}
