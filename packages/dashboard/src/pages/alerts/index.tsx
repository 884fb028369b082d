import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { type Alert, type Alerts, MOST_ALERTS, useAlerts } from '../../api/alerts.ts'
import { useAnswer } from '../../api/use-answer.ts'
import { formatCount } from '../../format/numbers.ts'
import { formatMoment } from '../../format/times.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { Choice, useChoice } from '../../parts/choice.tsx'
import { WhyBarred } from '../../parts/form/offered.tsx'
import { spoken } from '../../settings/language.ts'
import { AlertCard } from './alert-card.tsx'
import './alerts.css'
import { Doubts } from './doubts.tsx'
import { History } from './history/history.tsx'
import { Rules } from './rules.tsx'
import { Silences } from './silence/silences.tsx'
import { isFound, type Silence } from './told-alert.ts'
import { WORDS } from './words.ts'

const SEVERITIES = ['all', 'page', 'ticket', 'info'] as const
const STATES = ['firing', 'pending', 'resolved'] as const

/** What fires, what is silenced, what happened; and what can be done about it. */
export default function AlertsPage() {
  const words = spoken(WORDS)
  const alerts = useAlerts()
  const silences = useAnswer<Answer<'silences'>>('/v1/silences?limit=500', 10_000)
  return (
    <div class="analysis alerts" aria-busy={alerts.value === null && alerts.refused === null}>
      <div class="title">
        <h1>{words.title}</h1>
        {alerts.value?.evaluated != null && (
          <p class="quiet" data-evaluated>
            {words.evaluated(formatMoment(alerts.value.evaluated))}
          </p>
        )}
      </div>
      <p class="about">{words.about}</p>
      <WhyBarred deed="silence" />
      <Answered answer={alerts}>
        {told => (
          <>
            <Doubts alerts={told} />
            <Lists alerts={told} silences={silences.value?.items ?? null} onSilenced={silences.again} />
            <Silences answer={silences} alerts={told.items} />
            <History rules={told.rules} />
            {told.rules.length > 0 && <Rules rules={told.rules} />}
          </>
        )}
      </Answered>
    </div>
  )
}

function Lists({
  alerts,
  silences,
  onSilenced,
}: {
  alerts: Alerts
  silences: readonly Silence[] | null
  onSilenced: () => void
}) {
  const words = spoken(WORDS)
  const [severity, setSeverity] = useChoice('severity', SEVERITIES)
  const [text, setText] = useState('')
  const wanted = alerts.items.filter(
    alert => (severity === 'all' || alert.severity === severity) && isFound(alert, text.trim().toLowerCase()),
  )
  const narrowed = severity !== 'all' || text.trim() !== ''
  return (
    <>
      <div class="choices narrow">
        <Choice
          label={words.severity}
          values={SEVERITIES}
          value={severity}
          told={one => (one === 'all' ? words.all : `${one} · ${words.severities[one]}`)}
          onChange={setSeverity}
        />
        <label class="choice">
          <span>{words.find}</span>
          <input type="search" value={text} onInput={event => setText(event.currentTarget.value)} />
        </label>
      </div>
      {alerts.next !== null && <p class="notice">{words.cut(formatCount(MOST_ALERTS))}</p>}
      {STATES.map(state => (
        <List
          key={state}
          state={state}
          all={state === 'resolved' ? null : alerts.counts[state]}
          alerts={wanted.filter(alert => alert.state === state)}
          narrowed={narrowed}
          rules={alerts.rules}
          silences={silences}
          onSilenced={onSilenced}
        />
      ))}
    </>
  )
}

function List({
  state,
  all,
  alerts,
  narrowed,
  rules,
  silences,
  onSilenced,
}: {
  state: (typeof STATES)[number]
  /** how many there are, also those that are not listed; null: not counted */
  all: number | null
  alerts: readonly Alert[]
  narrowed: boolean
  rules: Alerts['rules']
  silences: readonly Silence[] | null
  onSilenced: () => void
}) {
  const words = spoken(WORDS)
  // what is over, and what is only about to come, is of interest where there is some
  if (alerts.length === 0 && state !== 'firing') return null
  return (
    <section class="list" data-list={state}>
      <h2>
        {words.states[state]} <span class="number">{formatCount(narrowed || all === null ? alerts.length : all)}</span>
      </h2>
      {alerts.length === 0 && <p class="panel none">{narrowed ? words.noneFound : words.none[state]}</p>}
      <div class="cards-of-alerts">
        {alerts.map(alert => (
          <AlertCard
            key={alert.id}
            alert={alert}
            rule={rules.find(rule => rule.alert === alert.alert)}
            silences={silences}
            onSilenced={onSilenced}
          />
        ))}
      </div>
    </section>
  )
}
