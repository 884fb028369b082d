import { Link } from 'wouter-preact'
import { formatDifference } from '../../format/difference.ts'
import { formatChange, formatShare, formatValue } from '../../format/numbers.ts'
import { formatMinute } from '../../format/times.ts'
import { reasonWord } from '../../parts/reason.ts'
import { Spark } from '../../parts/spark.tsx'
import { Status } from '../../parts/status.tsx'
import { TrendMark } from '../../parts/trend-mark.tsx'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import type { Digest, DigestIndicator } from './types.ts'
import { WORDS } from './words.ts'

/** The numbers of the period: against their targets, against the period before, and where they lead. */
export function Indicators({ digest }: { digest: Digest }) {
  const words = spoken(WORDS)
  const hasCourse = digest.indicators.some(({ series }) => series.length > 1)
  return (
    <section class="panel" data-part="indicators">
      <h2>{words.numbers}</h2>
      <Wide label={words.numbers}>
        <table class="report">
          <thead>
            <tr>
              <th scope="col">{words.indicator}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.change}</th>
              <th scope="col">{words.target}</th>
              <th scope="col">{words.attained}</th>
              <th scope="col">{words.status}</th>
              {hasCourse && <th scope="col">{words.course}</th>}
            </tr>
          </thead>
          <tbody>
            {digest.indicators.map(indicator => (
              <tr key={indicator.id} data-indicator={indicator.id}>
                <th scope="row">
                  <Link href={addressIn(digest, indicator.id)}>{told(indicator.label)}</Link>
                  {indicator.north_star && <span class="star"> ★ {words.northStar}</span>}
                  <Notes indicator={indicator} />
                </th>
                <Figures indicator={indicator} />
                {hasCourse && (
                  <td class="course">
                    {indicator.series.length > 1 && (
                      <Spark
                        points={indicator.series.map(({ value }) => value)}
                        target={indicator.target}
                        unit={indicator.unit}
                      />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  )
}

/** The indicator's own page, over the period of the digest. */
const addressIn = ({ period }: Digest, id: string): string =>
  `/indicators/${encodeURIComponent(id)}?${new URLSearchParams({ from: period.from, to: period.to })}`

function Figures({ indicator }: { indicator: DigestIndicator }) {
  const { value, unit, target, better, attainment, status, trend } = indicator
  return (
    <>
      <td class="value" title={value === null ? undefined : formatValue(value, unit, { digits: 'full' })}>
        {value === null ? <small>{reasonWord(indicator.reason ?? undefined)}</small> : formatValue(value, unit)}
        {trend !== null && (
          <>
            {' '}
            <TrendMark trend={trend} />
          </>
        )}
      </td>
      <td>
        <Change indicator={indicator} />
      </td>
      <td>{target === null ? '' : `${better === 'higher' ? '≥' : '≤'} ${formatValue(target, unit)}`}</td>
      <td>{attainment === null ? '' : formatShare(attainment)}</td>
      <td>
        <Status status={status} />
      </td>
    </>
  )
}

/** Against the period before: relative, or where that says nothing the difference itself. */
function Change({ indicator: { value, unit, previous } }: { indicator: DigestIndicator }) {
  const words = spoken(WORDS)
  if (previous === null || previous.value === null || value === null) return null
  const tone = previous.good === null ? '' : previous.good ? ' good' : ' bad'
  return (
    <span class={`trend${tone}`} title={`${words.previously}: ${formatValue(previous.value, unit)}`}>
      {previous.change === null ? formatDifference(value - previous.value, unit) : formatChange(previous.change)}
    </span>
  )
}

/** Whose it is, and what is to be known of the value. */
function Notes({ indicator }: { indicator: DigestIndicator }) {
  const words = spoken(WORDS)
  const { owner, complete, provisional, provisional_until: until, revised } = indicator
  const notes = [
    ...(owner === null ? [] : [owner]),
    ...(complete ? [] : [words.stillCounting]),
    ...(provisional ? [until === null ? words.provisional : words.provisionalUntil(formatMinute(until))] : []),
    ...(revised ? [words.revised] : []),
  ]
  return notes.length === 0 ? null : <small class="quiet">{notes.join(' · ')}</small>
}
