import { Link } from 'wouter-preact'
import { formatCount, formatValue } from '../../format/numbers.ts'
import { formatMinute } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import type { Digest } from './types.ts'
import { WORDS } from './words.ts'

/** Labels that stand in columns of their own. */
const SHOWN = new Set(['alertname', 'indicator', 'severity'])

/** Alerts about the indicators that fired or ended in the period. */
export function PeriodAlerts({ digest: { alerts, indicators } }: { digest: Digest }) {
  const words = spoken(WORDS)
  const { fired, resolved, firing, items, more } = alerts
  return (
    <section class="panel" data-part="alerts">
      <h2>{words.alerts}</h2>
      <p>
        {fired + resolved === 0
          ? words.noAlerts
          : words.alertCounts(formatCount(fired), formatCount(resolved), formatCount(firing))}
      </p>
      {items.length > 0 && (
        <Wide label={words.alerts}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.alert}</th>
                <th scope="col" class="words">
                  {words.indicator}
                </th>
                <th scope="col">{words.value}</th>
                <th scope="col">{words.target}</th>
                <th scope="col">{words.fired}</th>
                <th scope="col">{words.ended}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, alert, indicator, labels, fired: from, resolved: to, value, target }) => {
                const about = indicators.find(one => one.id === indicator)
                const shown = (number: number | null) => (number === null ? '' : formatValue(number, about?.unit ?? ''))
                const parts = Object.entries(labels).filter(([name]) => !SHOWN.has(name))
                return (
                  <tr key={`${id} ${from}`} data-alert={id}>
                    <th scope="row">{alert}</th>
                    <td class="words">
                      <Link href={`/indicators/${encodeURIComponent(indicator)}`}>
                        {about === undefined ? indicator : told(about.label)}
                      </Link>
                      {parts.length > 0 && (
                        <small class="quiet">{parts.map(([name, part]) => `${name}: ${part}`).join(' · ')}</small>
                      )}
                    </td>
                    <td>{shown(value)}</td>
                    <td>{shown(target)}</td>
                    <td>{formatMinute(from)}</td>
                    <td>{to === null ? words.firesStill : formatMinute(to)}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Wide>
      )}
      {more > 0 && <p class="quiet">{words.furtherAlerts(formatCount(more))}</p>}
    </section>
  )
}
