import { Link } from 'wouter-preact'
import type { AlertRule } from '../../../api/alerts.ts'
import { useIndicators } from '../../../api/use-indicators.ts'
import { formatValue } from '../../../format/numbers.ts'
import { formatMoment } from '../../../format/times.ts'
import { Wide } from '../../../parts/wide.tsx'
import { spoken } from '../../../settings/language.ts'
import { type AlertEvent, partsOf } from './events.ts'
import { WORDS } from './words.ts'

/** Each thing that happened, in a row. */
export function EventTable({ events, rules }: { events: readonly AlertEvent[]; rules: readonly AlertRule[] }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  return (
    <Wide label={words.title}>
      <table>
        <caption class="visually-hidden">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.when}</th>
            <th scope="col" class="words">
              {words.what}
            </th>
            <th scope="col" class="words">
              {words.alert}
            </th>
            <th scope="col">{words.value}</th>
            <th scope="col" class="words">
              {words.to}
            </th>
            <th scope="col" class="words">
              {words.about_}
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => {
            const rule = rules.find(one => one.alert === event.alert)
            const unit = indicators.get(event.labels['indicator'] ?? '')?.unit ?? ''
            return (
              // two may be alike in all that is told of them; nothing of a row outlives its place
              <tr key={index} data-event={event.event}>
                <td>{formatMoment(event.at)}</td>
                <td class="words">
                  <span class={`event ${event.event}`}>{words.events[event.event] ?? event.event}</span>
                </td>
                <td class="words">
                  {rule?.indicator == null ? (
                    (event.alert ?? '')
                  ) : (
                    <Link href={`/indicators/${encodeURIComponent(rule.indicator)}`}>{event.alert}</Link>
                  )}
                  {partsOf(event, rule?.by ?? []).map(part => (
                    <span key={part} class="pill badge">
                      {part}
                    </span>
                  ))}
                </td>
                <td>{event.value === null ? '' : formatValue(event.value, unit)}</td>
                <td class="words">{event.receiver ?? ''}</td>
                <td class="words">
                  <Detail event={event} />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Wide>
  )
}

function Detail({ event }: { event: AlertEvent }) {
  const words = spoken(WORDS)
  return (
    <>
      {event.instant !== null && <span class="quiet">{words.instant(formatMoment(event.instant))} </span>}
      {event.reason !== null && <span>{words.reasons[event.reason] ?? event.reason} </span>}
      {event.answer !== null && event.answer !== '' && (
        <span>
          {words.answered}: <code>{event.answer}</code>
        </span>
      )}
    </>
  )
}
