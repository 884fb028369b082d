import type { Answer } from '@kivi/client'
import { useAnswer } from '../../api/use-answer.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatDifference } from '../../format/difference.ts'
import { spoken } from '../../settings/language.ts'
import type { Action } from './action-form.tsx'
import { WORDS } from './words.ts'

type Effects = Answer<'effect'>
type Measured = Effects['effects'][number]

/** What is needed to tell a trend, and a change of it, in whole weeks. */
const WEEKS_BEFORE = 8
const SLOW_MS = 60_000

/** What followed an action, on one of its indicators or on each. It is told with its doubt. */
export function Effect({ action, indicator }: { action: Action; indicator?: string }) {
  const words = spoken(WORDS)
  const isDone = action.status === 'done'
  const query = indicator === undefined ? '' : `?${new URLSearchParams({ indicator })}`
  const { value, refused } = useAnswer<Effects>(
    isDone ? `/v1/actions/${encodeURIComponent(action.id)}/effect${query}` : null,
    SLOW_MS,
  )
  if (!isDone) return action.status === 'planned' ? <p class="effect-text">{words.planned}</p> : null
  if (refused !== null) return <p class="effect-text">{refused.message}</p>
  if (value === null) return <p class="effect-text" aria-busy="true" />
  return (
    <ul class="effects">
      {value.effects.map(effect => (
        <li key={effect.indicator} data-method={effect.method}>
          {indicator === undefined && <Name id={effect.indicator} />}
          <Told effect={effect} />
        </li>
      ))}
    </ul>
  )
}

function Name({ id }: { id: string }) {
  return <strong>{nameIn(useIndicators(), id)}: </strong>
}

function Told({ effect }: { effect: Measured }) {
  const words = spoken(WORDS)
  const { step, interval, good, unit, weeks_before: before, weeks_after: after } = effect
  if (effect.method === 'too_early' || step === null)
    return <span>{before < WEEKS_BEFORE ? words.tooLittleBefore : words.tooEarly(after)}</span>
  return (
    <>
      <MeasuredStep step={step} interval={interval} good={good} unit={unit} />
      <span class="quiet">
        {words.weeks(before, after)}
        {effect.method === 'segmented_regression_with_control' && `, ${words.withControl}`}.
      </span>
    </>
  )
}

/** How far an indicator lies beyond its trend before, in words, with the doubt that there is. */
export function MeasuredStep({
  step,
  interval,
  good,
  unit,
}: {
  step: number
  /** 95 % */
  interval: readonly number[] | null
  /** null: it may be chance */
  good: boolean | null
  unit: string
}) {
  const words = spoken(WORDS)
  const [low, high] = interval ?? []
  const tone = good === null ? '' : good ? ' good' : ' bad'
  return (
    <>
      <strong class={`trend${tone}`}>{words.step(formatDifference(step, unit))}</strong>
      {'. '}
      {low !== undefined && high !== undefined && (
        <span>{words.interval(formatDifference(low, unit), formatDifference(high, unit))}. </span>
      )}
      <span>{good === null ? words.chance : good ? words.good : words.bad} </span>
    </>
  )
}
