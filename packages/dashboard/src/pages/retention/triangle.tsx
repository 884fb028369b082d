import { formatCount, formatShare } from '../../format/numbers.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import { formatPeriod } from './periods.ts'
import { highest, peopled, type Retention, width } from './shown.ts'
import { type Period, WORDS } from './words.ts'

/** Cohorts downwards, periods to the right, the deeper in colour the more of them came back. */
export function Triangle({ answer, show }: { answer: Retention; show: 'share' | 'count' }) {
  const words = spoken(WORDS)
  const cohorts = peopled(answer.cohorts)
  if (cohorts.length === 0) return <p>{words.none}</p>
  const columns = [...Array(width(cohorts)).keys()]
  const top = highest(cohorts)
  return (
    <Wide label={words.caption}>
      <table class="triangle">
        <caption>{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.cohort}</th>
            <th scope="col">{words.persons}</th>
            {columns.map(later => (
              <th key={later} scope="col">
                {words.later(later)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cohorts.map(cohort => (
            <tr key={cohort.from} data-cohort={cohort.from}>
              <th scope="row">{formatPeriod(cohort.from, answer.period as Period)}</th>
              <td>{formatCount(cohort.persons)}</td>
              {columns.map(later => {
                const cell = cohort.cells[later]
                if (cell == null) return <td key={later} />
                return (
                  <Cell
                    key={later}
                    retained={cell.retained}
                    persons={cohort.persons}
                    rate={cell.rate}
                    running={cell.partial}
                    depth={later === 0 || top === 0 ? 0 : (cell.rate ?? 0) / top}
                    show={show}
                  />
                )
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-cohort="all">
            <th scope="row" colSpan={2}>
              {words.all}
            </th>
            {columns.map(later => {
              const pooled = answer.pooled[later]
              return pooled === undefined || pooled.rate === null ? (
                <td key={later} />
              ) : (
                <td key={later} title={words.of(formatCount(pooled.retained), formatCount(pooled.persons))}>
                  {show === 'share' ? formatShare(pooled.rate, 1) : formatCount(pooled.retained)}
                  {show === 'share' && later > 0 && pooled.interval !== null && (
                    <span class="interval">
                      {formatShare(pooled.interval[0] ?? 0, 1)} – {formatShare(pooled.interval[1] ?? 0, 1)}
                    </span>
                  )}
                </td>
              )
            })}
          </tr>
        </tfoot>
      </table>
    </Wide>
  )
}

interface CellProps {
  readonly retained: number
  readonly persons: number
  readonly rate: number | null
  readonly running: boolean
  /** 0 to 1: how deep its colour is */
  readonly depth: number
  readonly show: 'share' | 'count'
}

function Cell({ retained, persons, rate, running, depth, show }: CellProps) {
  const words = spoken(WORDS)
  const text = show === 'count' ? formatCount(retained) : rate === null ? '–' : formatShare(rate, 1)
  return (
    <td
      class={running ? 'cell running' : 'cell'}
      style={{ '--depth': `${Math.round(42 * depth)}%` }}
      title={`${words.of(formatCount(retained), formatCount(persons))}${running ? ` · ${words.running}` : ''}`}
    >
      {text}
      {running && <span class="visually-hidden"> ({words.running})</span>}
    </td>
  )
}
