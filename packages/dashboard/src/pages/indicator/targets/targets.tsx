import { useState } from 'preact/hooks'
import { useAnswer } from '../../../api/use-answer.ts'
import { formatValue } from '../../../format/numbers.ts'
import { formatDay, formatLength, formatMinute } from '../../../format/times.ts'
import { Answered } from '../../../parts/answered.tsx'
import { Offered, WhyBarred } from '../../../parts/form/offered.tsx'
import { spoken } from '../../../settings/language.ts'
import type { Targets as Answer, Detail, Target } from '../answers.ts'
import { PERIODS } from '../asked.ts'
import { allTargetsPath } from '../questions.ts'
import { AttainmentShare } from './attainment.tsx'
import { alive } from './draft.ts'
import { TargetForm } from './target-form.tsx'
import './targets.css'
import { WithdrawForm } from './withdraw-form.tsx'
import { WORDS } from './words.ts'

const REFRESH_MS = 15_000

/** The targets of an indicator: those in force, all there were, how often they were attained, and setting another. */
export function Targets({
  detail,
  current,
  onChanged,
}: {
  detail: Detail
  current: number | null
  /** after something was set: what rests on it is asked for anew */
  onChanged: () => void
}) {
  const words = spoken(WORDS)
  const answer = useAnswer<Answer>(allTargetsPath(detail.id), REFRESH_MS)
  const [form, setForm] = useState<'set' | Target | null>(null)
  const [isDone, setDone] = useState(false)
  const changed = () => {
    setForm(null)
    setDone(true)
    answer.again()
    onChanged()
  }
  return (
    <section class="panel targets" aria-labelledby="targets-title">
      <div class="panel-head">
        <h2 id="targets-title">{words.title}</h2>
        <Offered deed="target">
          <button
            type="button"
            id="set-target"
            onClick={() => {
              setDone(false)
              setForm('set')
            }}
          >
            {words.set}
          </button>
        </Offered>
      </div>
      <WhyBarred deed="target" />
      <p role="status" class={isDone ? 'said' : 'visually-hidden'}>
        {isDone ? words.done : ''}
      </p>
      <Answered answer={answer}>{({ items }) => <List detail={detail} items={items} onWithdraw={setForm} />}</Answered>
      <AttainmentShare detail={detail} />
      {form === 'set' && <TargetForm detail={detail} current={current} onSet={changed} onClose={() => setForm(null)} />}
      {form !== null && form !== 'set' && (
        <WithdrawForm detail={detail} target={form} onDone={changed} onClose={() => setForm(null)} />
      )}
    </section>
  )
}

function List({
  detail,
  items,
  onWithdraw,
}: {
  detail: Detail
  items: readonly Target[]
  onWithdraw: (target: Target) => void
}) {
  const words = spoken(WORDS)
  if (items.length === 0) return <p class="aside">{words.none}</p>
  const now = Date.now()
  const isOver = (target: Target) => target.until !== null && Date.parse(target.until) <= now
  const [holding, over] = [items.filter(target => !isOver(target)), items.filter(isOver)]
  const withdrawable = alive(items, now)
  const row = (target: Target) => (
    <Row
      key={`${target.set_at} ${target.from} ${JSON.stringify(target.by)} ${target.per} ${target.window}`}
      detail={detail}
      target={target}
      state={isOver(target) ? 'over' : Date.parse(target.from) > now ? 'coming' : 'inForce'}
      {...(withdrawable.includes(target) ? { onWithdraw: () => onWithdraw(target) } : {})}
    />
  )
  return (
    <>
      <ul class="target-list">{holding.map(row)}</ul>
      {over.length > 0 && (
        <details>
          <summary>
            {words.history} ({items.length})
          </summary>
          <ul class="target-list">{over.map(row)}</ul>
        </details>
      )}
    </>
  )
}

function Row({
  detail,
  target,
  state,
  onWithdraw,
}: {
  detail: Detail
  target: Target
  state: 'inForce' | 'coming' | 'over'
  onWithdraw?: () => void
}) {
  const words = spoken(WORDS)
  const { value, by, per, window, from, until } = target
  const sign = detail.better === 'higher' ? '≥' : '≤'
  const period = PERIODS.find(one => one === per)
  const length = period !== undefined ? words.per[period] : window === null ? '' : words.perWindow(formatLength(window))
  return (
    <li class={state} data-state={state}>
      <p class="what">
        <strong>
          {sign} {formatValue(value, detail.unit)}
        </strong>{' '}
        {length}
        {Object.entries(by).map(([dimension, segment]) => (
          <span key={dimension} class="segment">
            {dimension.replace(/^properties\./, '')}: {segment}
          </span>
        ))}
        <span class={`state ${state}`}>{words[state]}</span>
      </p>
      <p>
        {until === null ? words.since(formatDay(from)) : words.between(formatMinute(from), formatMinute(until))}
        {' · '}
        {target.origin === 'catalog'
          ? words.inCatalog(target.set_by)
          : words.byWhom(target.set_by, formatMinute(target.set_at))}
      </p>
      <p class="reason">{target.reason}</p>
      {onWithdraw !== undefined && (
        <Offered deed="target">
          <button type="button" class="link" onClick={onWithdraw}>
            {words.withdraw}
          </button>
        </Offered>
      )}
    </li>
  )
}
