import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { useIndicators } from '../../api/use-indicators.ts'
import { spoken } from '../../settings/language.ts'
import { Field } from '../form/field.tsx'
import { LongTextField, MomentField, TextField } from '../form/fields.tsx'
import { momentOf, momentText, thisMinute, wrongMoment } from '../form/moment.ts'
import { type EnteredPart, PartsField, partOf } from '../form/parts-field.tsx'
import { wrongWith } from '../form/refusal.tsx'
import { SignedForm } from '../form/signed-form.tsx'
import { signature } from '../form/signer.tsx'
import { useSending } from '../form/use-sending.ts'
import './actions.css'
import { IndicatorsField } from './indicators-field.tsx'
import { WORDS } from './words.ts'

export type Action = Answer<'actions'>['items'][number]

const STATUSES = ['planned', 'done', 'cancelled'] as const

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
  const [label, setLabel] = useState(action?.label ?? '')
  const [description, setDescription] = useState(action?.description ?? '')
  const [moved, setMoved] = useState<readonly string[]>(
    action?.indicators ?? (indicator === undefined ? [] : [indicator]),
  )
  const [status, setStatus] = useState<Action['status']>(action?.status ?? 'done')
  const [at, setAt] = useState(() => momentText(action?.at ?? thisMinute()))
  const [until, setUntil] = useState(() => momentText(action?.until ?? null))
  const [owner, setOwner] = useState(action?.owner ?? '')
  const [parts, setParts] = useState<readonly EnteredPart[]>(
    Object.entries(action?.by ?? {}).map(([dimension, value]) => ({ dimension, value })),
  )
  const [wrong, setWrong] = useState<Wrong>({})
  const sending = useSending()
  const { refused } = sending

  const submit = async () => {
    const [begin, end] = [momentOf(at), momentOf(until)]
    const mistakes: Wrong = {
      ...(label.trim() === '' ? { label: words.labelMissing } : {}),
      ...(moved.length === 0 ? { indicators: words.indicatorMissing } : {}),
      ...wrongMoment('at', at, true),
      ...wrongMoment('until', until),
    }
    setWrong(mistakes)
    if (begin === null || Object.keys(mistakes).length > 0) return
    const saved = await sending.send<Action>('POST', '/v1/actions', {
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
    <SignedForm
      id="action-form"
      title={action === null ? words.formNew : words.formChange}
      submit={words.save}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="label"
        label={words.label}
        hint={words.labelHint}
        wrong={wrongIn('label')}
        value={label}
        onInput={setLabel}
      />
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
        <TextField name="owner" label={words.owner} hint={words.ownerHint} value={owner} onInput={setOwner} />
      </div>
      <div class="side-by-side">
        <MomentField name="at" label={words.at} wrong={wrongIn('at')} value={at} onInput={setAt} />
        <MomentField
          name="until"
          label={words.until}
          hint={words.untilHint}
          wrong={wrongIn('until')}
          value={until}
          onInput={setUntil}
        />
      </div>
      <IndicatorsField legend={words.indicators} chosen={moved} wrong={wrongIn('indicators')} onChange={setMoved} />
      <PartsField
        dimensions={sharedDimensions(moved.map(id => indicators.get(id)?.dimensions ?? []))}
        parts={parts}
        wrong={wrongWith(refused, 'by')}
        onChange={setParts}
      />
      <LongTextField
        name="description"
        label={words.description}
        value={description}
        most={5000}
        onInput={setDescription}
      />
    </SignedForm>
  )
}

/** What all of them can be asked by. */
const sharedDimensions = ([first = [], ...others]: ReadonlyArray<readonly string[]>): string[] =>
  first.filter(name => others.every(dimensions => dimensions.includes(name)))
