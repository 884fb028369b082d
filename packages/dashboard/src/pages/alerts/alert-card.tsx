import { Link } from 'wouter-preact'
import type { Alert, AlertRule } from '../../api/alerts.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatList, formatValue } from '../../format/numbers.ts'
import { formatSeconds } from '../../format/spans.ts'
import { formatLength, formatMinute } from '../../format/times.ts'
import { Offered } from '../../parts/form/offered.tsx'
import { spoken, told } from '../../settings/language.ts'
import { AcknowledgeButton } from './acknowledge.tsx'
import { SilenceMenu } from './silence/silence-menu.tsx'
import { addressOf, type Silence, segmentOf, silencedUntil } from './told-alert.ts'
import { acknowledgedOf } from './use-acknowledged.ts'
import { WORDS } from './words.ts'

/** One alert: what is wrong with what, since when, who knows of it, and what to do. */
export function AlertCard({
  alert,
  rule,
  silences,
  onSilenced,
}: {
  alert: Alert
  rule: AlertRule | undefined
  silences: readonly Silence[] | null
  onSilenced: () => void
}) {
  const words = spoken(WORDS)
  const { summary, description } = alert.annotations
  const isOver = alert.state === 'resolved'
  const titleId = `alert-${alert.id}`
  return (
    <article class={`panel alert ${alert.state} ${alert.severity}`} data-alert={alert.id} aria-labelledby={titleId}>
      <div class="head-of-alert">
        <span class={`pill outlined severity ${alert.severity}`}>{words.severities[alert.severity]}</span>
        <h3 id={titleId}>{summary ?? alert.alert}</h3>
      </div>
      <p class="quiet">
        {alert.alert}
        {segmentOf(alert, rule).map(([label, value]) => (
          <span key={label} class="pill badge">
            {label}: {value}
          </span>
        ))}
        <When alert={alert} />
      </p>
      <Figures alert={alert} rule={rule} />
      {description !== undefined && !isOver && <p class="description">{description}</p>}
      <Known alert={alert} silences={silences} />
      <div class="deeds">
        <LookAt alert={alert} rule={rule} />
        <Offered deed="silence">
          {alert.state === 'firing' && <AcknowledgeButton alert={alert} />}
          {!isOver && <SilenceMenu alert={alert} rule={rule} onSilenced={onSilenced} />}
        </Offered>
      </div>
    </article>
  )
}

function When({ alert }: { alert: Alert }) {
  const words = spoken(WORDS)
  const since = Date.parse(alert.since)
  const length = (to: number) => formatSeconds(Math.max(0, to - since) / 1000)
  if (alert.state === 'resolved')
    return alert.ended === null ? null : (
      <span class="when">{words.ended(formatMinute(alert.ended), length(Date.parse(alert.ended)))}</span>
    )
  const says = alert.state === 'pending' ? words.pendingSince : words.since
  return (
    <>
      <span class="when">{says(length(Date.now()), formatMinute(since))}</span>
      {alert.fires_at !== null && (
        <span data-fires={alert.fires_at}>{words.firesAt(formatMinute(alert.fires_at))}</span>
      )}
    </>
  )
}

/** The value against what it is held to. */
function Figures({ alert, rule }: { alert: Alert; rule: AlertRule | undefined }) {
  const words = spoken(WORDS)
  const value = (number: number) => formatValue(number, alert.unit ?? '')
  return (
    <dl class="figures-of-alert">
      {alert.value !== null && (
        <div data-figure="value">
          <dt>{words.value}</dt>
          <dd>{value(alert.value)}</dd>
        </div>
      )}
      {alert.target !== null && (
        <div data-figure="target">
          <dt>{words.target}</dt>
          <dd>{value(alert.target)}</dd>
        </div>
      )}
      {alert.threshold !== null && alert.threshold !== alert.target && (
        <div data-figure="threshold">
          <dt>{words.threshold}</dt>
          <dd>{value(alert.threshold)}</dd>
        </div>
      )}
      {rule !== undefined && (
        <div data-figure="condition">
          <dt>{words.condition}</dt>
          <dd>{told(rule.condition)}</dd>
        </div>
      )}
      {rule?.window != null && (
        <div data-figure="window">
          <dt>{words.window}</dt>
          <dd>{formatLength(rule.window)}</dd>
        </div>
      )}
    </dl>
  )
}

/** Who knows of it, who takes care of it, and why others are not told. */
function Known({ alert, silences }: { alert: Alert; silences: readonly Silence[] | null }) {
  const words = spoken(WORDS)
  const acknowledged = acknowledgedOf(alert)
  const silenced = alert.state === 'resolved' ? null : silencedUntil(alert, silences)
  const [knowing, untold] = [true, false].map(is => alert.receivers.filter(one => one.told === is).map(one => one.name))
  const inhibitors = alert.muted.flatMap(one => (one.by === 'inhibition' ? [one.alert ?? ''] : []))
  return (
    <ul class="known">
      {silenced !== null && (
        <li class="silenced" title={words.silencedBy} data-silenced={silenced}>
          {words.silenced(formatMinute(silenced))}
        </li>
      )}
      {inhibitors.map(rule => (
        <li key={rule}>{words.inhibited(rule)}</li>
      ))}
      {acknowledged !== null && (
        <li class="acknowledged" data-acknowledged={acknowledged.by}>
          {words.acknowledged(acknowledged.by, formatMinute(acknowledged.at))}
          {acknowledged.comment !== '' && <q>{acknowledged.comment}</q>}
        </li>
      )}
      {knowing !== undefined && knowing.length > 0 && <li>{words.told(formatList(knowing))}</li>}
      {untold !== undefined && untold.length > 0 && alert.state === 'firing' && (
        <li>{words.untold(formatList(untold))}</li>
      )}
    </ul>
  )
}

function LookAt({ alert, rule }: { alert: Alert; rule: AlertRule | undefined }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  const address = addressOf(alert, rule, Date.now())
  const label = alert.indicator === null ? '' : nameIn(indicators, alert.indicator)
  return address === null ? (
    <Link href="/system">{words.look(words.system)}</Link>
  ) : (
    <Link href={address}>{words.look(label)}</Link>
  )
}
