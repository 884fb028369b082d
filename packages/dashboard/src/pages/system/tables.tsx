import { Link } from 'wouter-preact'
import { nameIn, useIndicators } from '../../api/use-indicators.ts'
import { formatShare } from '../../format/numbers.ts'
import { formatMoment } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import type { System } from './findings.ts'
import { WORDS } from './words.ts'

/** Tables that analyses rest on: whether they are there, and how fresh. */
export function DerivedTables({ tables }: { tables: NonNullable<System['derived_tables']> }) {
  const words = spoken(WORDS)
  const time = (at: string | null) => (at === null ? words.nothing : formatMoment(at))
  return (
    <Wide label={words.derived}>
      <table>
        <caption class="visually-hidden">{words.derived}</caption>
        <thead>
          <tr>
            <th scope="col">{words.table}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.upTo}</th>
            <th scope="col">{words.refreshed}</th>
          </tr>
        </thead>
        <tbody>
          {tables.map(({ table, ready, built, watermark, refreshed_at }) => (
            <tr key={table} data-derived={table}>
              <th scope="row">
                <code>{table}</code>
              </th>
              <td>
                <span class={ready ? 'pill outlined mark' : 'pill outlined mark idle'}>
                  {ready ? words.ready : built === null ? words.notBegun : words.building(formatShare(built))}
                </span>
              </td>
              <td>{time(watermark)}</td>
              <td>{time(refreshed_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

/** Indicators whose values are kept, and up to when. */
export function Recorded({ recorded }: { recorded: NonNullable<System['recorded']> }) {
  const words = spoken(WORDS)
  const indicators = useIndicators()
  if (recorded.length === 0) return <p>{words.noneRecorded}</p>
  return (
    <Wide label={words.recorded}>
      <table>
        <caption class="visually-hidden">{words.recorded}</caption>
        <thead>
          <tr>
            <th scope="col">{words.indicator}</th>
            <th scope="col">{words.upTo}</th>
            <th scope="col">{words.computed}</th>
          </tr>
        </thead>
        <tbody>
          {recorded.map(({ indicator, to, computed_at }) => (
            <tr key={indicator} data-recorded={indicator}>
              <th scope="row">
                <Link href={`/indicators/${encodeURIComponent(indicator)}`}>{nameIn(indicators, indicator)}</Link>
              </th>
              <td>{formatMoment(to)}</td>
              <td>{formatMoment(computed_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
