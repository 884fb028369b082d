import { Link } from 'wouter-preact'
import type { AlertRule } from '../../api/alerts.ts'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatCount } from '../../format/numbers.ts'
import { formatLength, formatMoment } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import { WORDS } from './words.ts'

/** The rules, each with up to when it is evaluated. */
export function Rules({ rules }: { rules: readonly AlertRule[] }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  return (
    <section class="panel" data-part="rules">
      <h2>{words.rules}</h2>
      <p class="about">{words.rulesAbout}</p>
      <Wide label={words.rules}>
        <table>
          <caption class="visually-hidden">{words.rules}</caption>
          <thead>
            <tr>
              <th scope="col">{words.rule}</th>
              <th scope="col" class="words">
                {words.condition}
              </th>
              <th scope="col">{words.window}</th>
              <th scope="col">{words.holdsFor}</th>
              <th scope="col">{words.severity}</th>
              <th scope="col">{words.firingNow}</th>
              <th scope="col">{words.upTo}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(rule => (
              <tr key={rule.alert} data-rule={rule.alert}>
                <th scope="row">
                  {rule.alert}
                  {rule.indicator !== null && (
                    <>
                      {' '}
                      <Link class="quiet" href={`/indicators/${encodeURIComponent(rule.indicator)}`}>
                        {nameIn(indicators, rule.indicator)}
                      </Link>
                    </>
                  )}
                </th>
                <td class="words">
                  {told(rule.condition)}
                  {rule.by.length > 0 && <span class="quiet"> · {rule.by.join(', ')}</span>}
                </td>
                <td>{rule.window === null ? '–' : formatLength(rule.window)}</td>
                <td>{/^0/.test(rule.for) ? words.atOnce : formatLength(rule.for)}</td>
                <td>
                  <span class={`pill outlined severity ${rule.severity}`}>{words.severities[rule.severity]}</span>
                </td>
                <td>{formatCount(rule.firing)}</td>
                <td>{rule.evaluated === null ? words.never : formatMoment(rule.evaluated)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  )
}
