import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { fromLocalText, toLocalText } from '../../format/local-time.ts'
import { place } from '../../format/place.ts'
import { spoken } from '../../settings/language.ts'
import { Dialog } from '../form/dialog.tsx'
import { Field } from '../form/field.tsx'
import { type EnteredPart, PartsField, partOf } from '../form/parts-field.tsx'
import { Refusal, wrongWith } from '../form/refusal.tsx'
import { Signer, signature } from '../form/signer.tsx'
import { useSending } from '../form/use-sending.ts'
import { IndicatorPicker } from '../indicator-picker.tsx'
import './actions.css'
import { WORDS } from './words.ts'

export type Action = Answer<'actions'>['items'][number]

const STATUSES = ['planned', 'done', 'cancelled'] as const
const MINUTE = 60_000

type Wrong = Partial<Record<'label' | 'indicators' | 'at' | 'until', string>>

/** Records an action, or changes one. */
export function ActionForm({
  action,
  indicator,
  onSaved,
  onClose,
}: {
  /** to change; null: a new one */
  action: Action | null
  /** that a new one is meant to move */
  indicator?: string
  onSaved: (saved: Action) => void
  onClose: () => void
}) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  const { timezone } = place.value
  const local = (time: string | null) => (time === null ? '' : toLocalText(Date.parse(time), timezone))
  const [label, setLabel] = useState(action?.label ?? '')
  const [description, setDescription] = useState(action?.description ?? '')
  const [moved, setMoved] = useState<readonly string[]>(
    action?.indicators ?? (indicator === undefined ? [] : [indicator]),
  )
  const [status, setStatus] = useState<Action['status']>(action?.status ?? 'done')
  const [at, setAt] = useState(() =>
    action === null ? toLocalText(Math.floor(Date.now() / MINUTE) * MINUTE, timezone) : local(action.at),
  )
  const [until, setUntil] = useState(() => local(action?.until ?? null))
  const [owner, setOwner] = useState(action?.owner ?? '')
  const [parts, setParts] = useState<readonly EnteredPart[]>(
    Object.entries(action?.by ?? {}).map(([dimension, value]) => ({ dimension, value })),
  )
  const [wrong, setWrong] = useState<Wrong>({})
  const { isSending, refused, send } = useSending()

  const submit = async (event: Event) => {
    event.preventDefault()
    const [begin, end] = [fromLocalText(at, timezone), until === '' ? null : fromLocalText(until, timezone)]
    const mistakes: Wrong = {
      ...(label.trim() === '' ? { label: words.labelMissing } : {}),
      ...(moved.length === 0 ? { indicators: words.indicatorMissing } : {}),
      ...(begin === null ? { at: words.notATime } : {}),
      ...(until !== '' && end === null ? { until: words.notATime } : {}),
    }
    setWrong(mistakes)
    if (begin === null || Object.keys(mistakes).length > 0) return
    const saved = await send<Action>('POST', '/v1/actions', {
      ...(action === null ? {} : { id: action.id }),
      label: label.trim(),
      description: description.trim(),
      indicators: moved,
      by: partOf(parts),
      status,
      at: new Date(begin).toISOString(),
      ...(end === null ? {} : { until: new Date(end).toISOString() }),
      ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
      ...signature(),
    })
    if (saved !== null) onSaved(saved)
  }
  const wrongIn = (field: keyof Wrong & string) => wrong[field] ?? wrongWith(refused, field)
  return (
    <Dialog title={action === null ? words.formNew : words.formChange} onClose={onClose}>
      <form id="action-form" noValidate onSubmit={submit}>
        <Field label={words.label} hint={words.labelHint} wrong={wrongIn('label')}>
          {given => (
            <input
              {...given}
              name="label"
              type="text"
              maxLength={500}
              value={label}
              onInput={event => setLabel(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="side-by-side">
          <Field label={words.status} wrong={wrongWith(refused, 'status')}>
            {given => (
              <select
                {...given}
                name="status"
                value={status}
                onChange={event => setStatus(event.currentTarget.value as Action['status'])}
              >
                {STATUSES.map(one => (
                  <option key={one} value={one}>
                    {words.statuses[one]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.owner} hint={words.ownerHint}>
            {given => (
              <input
                {...given}
                name="owner"
                type="text"
                maxLength={500}
                value={owner}
                onInput={event => setOwner(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <div class="side-by-side">
          <Field label={`${words.at} (${timezone})`} wrong={wrongIn('at')}>
            {given => (
              <input
                {...given}
                name="at"
                type="datetime-local"
                value={at}
                onInput={event => setAt(event.currentTarget.value)}
              />
            )}
          </Field>
          <Field label={`${words.until} (${timezone})`} hint={words.untilHint} wrong={wrongIn('until')}>
            {given => (
              <input
                {...given}
                name="until"
                type="datetime-local"
                value={until}
                onInput={event => setUntil(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <Moved legend={words.indicators} moved={moved} wrong={wrongIn('indicators')} onChange={setMoved} />
        <PartsField
          dimensions={sharedDimensions(moved.map(id => indicators.get(id)?.dimensions ?? []))}
          parts={parts}
          wrong={wrongWith(refused, 'by')}
          onChange={setParts}
        />
        <Field label={words.description}>
          {given => (
            <textarea
              {...given}
              name="description"
              maxLength={5000}
              value={description}
              onInput={event => setDescription(event.currentTarget.value)}
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
            {isSending ? words.sending : words.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** A choice of several indicators. */
export function Moved({
  legend,
  moved,
  wrong,
  onChange,
}: {
  legend: string
  moved: readonly string[]
  wrong: string | null
  onChange: (moved: readonly string[]) => void
}) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  return (
    <fieldset class="parts-field">
      <legend>{legend}</legend>
      <ul class="moved">
        {moved.map(id => {
          const name = nameIn(indicators, id)
          return (
            <li key={id}>
              {name}
              <button
                type="button"
                aria-label={words.remove(name)}
                onClick={() => onChange(moved.filter(one => one !== id))}
              >
                ×
              </button>
            </li>
          )
        })}
      </ul>
      <IndicatorPicker
        label={words.add}
        without={moved}
        invalid={wrong !== null}
        onPick={id => onChange([...moved, id])}
      />
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  )
}

/** What all of them can be asked by. */
const sharedDimensions = ([first = [], ...others]: ReadonlyArray<readonly string[]>): string[] =>
  first.filter(name => others.every(dimensions => dimensions.includes(name)))
