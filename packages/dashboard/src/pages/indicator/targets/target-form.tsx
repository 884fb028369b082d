import { useState } from 'preact/hooks'
import { ask } from '../../../api/ask.ts'
import { formatValue } from '../../../format/numbers.ts'
import { place } from '../../../format/place.ts'
import { Field } from '../../../parts/form/field.tsx'
import { LongTextField, MomentField } from '../../../parts/form/fields.tsx'
import { momentOf, wrongMoment } from '../../../parts/form/moment.ts'
import { type EnteredPart, PartsField, partOf } from '../../../parts/form/parts-field.tsx'
import { wrongWith } from '../../../parts/form/refusal.tsx'
import { SignedForm } from '../../../parts/form/signed-form.tsx'
import { signature } from '../../../parts/form/signer.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { spoken, told } from '../../../settings/language.ts'
import type { Detail, Targets } from '../answers.ts'
import { PERIODS } from '../asked.ts'
import { allTargetsPath, targetsPath } from '../questions.ts'
import { amountOf, type Draft, sentOf, typed, withTarget } from './draft.ts'
import { WORDS } from './words.ts'

type Wrong = Partial<Record<'value' | 'baseline' | 'change' | 'window' | 'from' | 'until' | 'reason', string>>

/** Sets a target beside those that go on. What it does not begin with, such as from when, Kivi fills in. */
export function TargetForm({
  detail,
  current,
  onSet,
  onClose,
}: {
  detail: Detail
  /** the value now: from where a change is told */
  current: number | null
  onSet: (answered: Targets) => void
  onClose: () => void
}) {
  const words = spoken(WORDS)
  const { unit } = detail
  const [how, setHow] = useState<Draft['how']>('value')
  const [value, setValue] = useState(detail.target === null ? '' : typed(detail.target.value, unit))
  const [baseline, setBaseline] = useState(current === null ? '' : typed(current, unit))
  const [change, setChange] = useState('')
  const [per, setPer] = useState(detail.target?.per ?? '')
  const [window, setWindow] = useState(detail.target?.window ?? detail.window)
  const [parts, setParts] = useState<readonly EnteredPart[]>([])
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState<Wrong>({})
  const sending = useSending()
  const { refused } = sending
  const draft: Draft = {
    how,
    value,
    baseline,
    change,
    per,
    window,
    by: partOf(parts),
    from: momentOf(from),
    until: momentOf(until),
  }
  const entered = amountOf(draft, unit)

  const submit = async () => {
    const mistakes: Wrong = {
      ...(how === 'value' && entered === null ? { value: words.notANumber } : {}),
      ...(how === 'change' && entered === null
        ? { [amountOf({ ...draft, change: '0' }, unit) === null ? 'baseline' : 'change']: words.notANumber }
        : {}),
      ...(per === 'window' && window.trim() === '' ? { window: words.windowMissing } : {}),
      ...wrongMoment('from', from),
      ...wrongMoment('until', until),
      ...(reason.trim() === '' ? { reason: words.reasonMissing } : {}),
    }
    setWrong(mistakes)
    if (entered === null || Object.keys(mistakes).length > 0) return
    const answered = await sending.run(async () => {
      // what others set since the page was loaded goes on as well
      const { items } = await ask<Targets>(allTargetsPath(detail.id))
      return ask<Targets>(targetsPath(detail.id), {
        method: 'PUT',
        body: {
          items: withTarget(items, sentOf(draft, entered), Date.now()),
          reason: reason.trim(),
          ...signature(),
        },
      })
    })
    if (answered !== null) onSet(answered)
  }
  const sign = unit === 'percent' ? '%' : unit === 'money' ? place.value.currency : unit === 'count' ? '' : unit
  const wrongIn = (field: keyof Wrong & string) => wrong[field] ?? wrongWith(refused, field)
  return (
    <SignedForm
      id="target-form"
      title={words.formTitle(told(detail.label))}
      submit={words.submit}
      sending={sending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={words.how}>
        {given => (
          <select {...given} value={how} onChange={event => setHow(event.currentTarget.value as Draft['how'])}>
            {(['value', 'change'] as const).map(one => (
              <option key={one} value={one}>
                {words.hows[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {how === 'value' ? (
        <Amount
          name="value"
          label={words.value}
          sign={sign}
          value={value}
          wrong={wrongIn('value')}
          onInput={setValue}
        />
      ) : (
        <div class="side-by-side">
          <Amount
            name="baseline"
            label={words.baseline}
            sign={sign}
            value={baseline}
            wrong={wrongIn('baseline')}
            onInput={setBaseline}
          />
          <Amount
            name="change"
            label={words.change}
            sign="%"
            value={change}
            wrong={wrongIn('change')}
            hint={entered === null ? undefined : words.comesTo(formatValue(entered, unit))}
            onInput={setChange}
          />
        </div>
      )}
      <div class="side-by-side">
        <Field label={words.length} hint={words.lengthHint} wrong={wrongWith(refused, 'per')}>
          {given => (
            <select {...given} name="per" value={per} onChange={event => setPer(event.currentTarget.value)}>
              <option value="">{words.anyWindow}</option>
              {PERIODS.map(period => (
                <option key={period} value={period}>
                  {words.per[period]}
                </option>
              ))}
              <option value="window">{words.aWindow}</option>
            </select>
          )}
        </Field>
        {per === 'window' && (
          <Field label={words.window} hint={words.windowHint} wrong={wrongIn('window')}>
            {given => (
              <input
                {...given}
                name="window"
                type="text"
                value={window}
                onInput={event => setWindow(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
      <PartsField dimensions={detail.dimensions} parts={parts} wrong={wrongWith(refused, 'by')} onChange={setParts} />
      <div class="side-by-side">
        <MomentField
          name="from"
          label={words.from}
          hint={words.fromHint}
          value={from}
          wrong={wrongIn('from')}
          onInput={setFrom}
        />
        <MomentField
          name="until"
          label={words.until}
          hint={words.untilHint}
          value={until}
          wrong={wrongIn('until')}
          onInput={setUntil}
        />
      </div>
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

function Amount({
  name,
  label,
  sign,
  hint,
  value,
  wrong,
  onInput,
}: {
  name: string
  label: string
  /** of the unit, after the number */
  sign: string
  hint?: string | undefined
  value: string
  wrong: string | null
  onInput: (text: string) => void
}) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {given => (
        <span class="with-unit">
          <input
            {...given}
            name={name}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            value={value}
            onInput={event => onInput(event.currentTarget.value)}
          />
          {sign}
        </span>
      )}
    </Field>
  )
}
