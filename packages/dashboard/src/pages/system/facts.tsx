import type { ComponentChildren } from 'preact'
import { formatCount } from '../../format/numbers.ts'
import { formatSeconds } from '../../format/spans.ts'
import { formatMoment } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import { BEHIND_SECONDS, type System, secondsBetween } from './findings.ts'
import { WORDS } from './words.ts'

/** The figures to look at first, each with what it means. */
export function Facts({ system }: { system: System }) {
  const words = spoken(WORDS)
  const { partitions, lag_seconds: lag, watermark, last_day: day, dead_letters: letters } = system
  const newest = partitions?.map(one => one.newest_event).filter(time => time !== null) ?? []
  const youngest = newest.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1)
  const waiting = partitions?.reduce((sum, one) => sum + one.lag, 0)
  const setAside = letters?.reasons.reduce((sum, one) => sum + one.letters, 0)
  return (
    <div class="facts">
      <Fact name="watermark" label={words.upTo} about={words.upToAbout} bad={(lag ?? 0) > BEHIND_SECONDS}>
        {lag === null ? (partitions === null ? words.unknown : words.nothing) : words.behindBy(formatSeconds(lag))}
        {watermark !== null && <small>{formatMoment(watermark)}</small>}
      </Fact>
      <Fact name="newest" label={words.newest} about={words.newestAbout}>
        {youngest === undefined
          ? partitions === null
            ? words.unknown
            : words.nothing
          : words.ago(formatSeconds(Math.max(0, secondsBetween(youngest, system.at))))}
        {youngest !== undefined && <small>{formatMoment(youngest)}</small>}
      </Fact>
      <Fact name="waiting" label={words.waits} about={words.waitsAbout}>
        {waiting === undefined ? words.unknown : formatCount(waiting)}
      </Fact>
      <Fact name="ledger" label={words.proven} about={words.provenAbout}>
        {day === null ? words.unknown : formatCount(day.records)}
      </Fact>
      <Fact name="letters" label={words.setAside} about={words.setAsideAbout} bad={(setAside ?? 0) > 0}>
        {setAside === undefined ? words.unknown : formatCount(setAside)}
        {letters?.more === true && '+'}
      </Fact>
    </div>
  )
}

function Fact({
  name,
  label,
  about,
  bad = false,
  children,
}: {
  name: string
  label: string
  about: string
  bad?: boolean
  children: ComponentChildren
}) {
  return (
    <section class={bad ? 'panel fact bad' : 'panel fact'} data-fact={name}>
      <h2>{label}</h2>
      <p class="figure">{children}</p>
      <p class="quiet">{about}</p>
    </section>
  )
}

const OUTCOMES = ['accepted', 'duplicate', 'rejected', 'too_late', 'too_early'] as const

/** What became of the records of a day. */
export function LastDay({ day }: { day: NonNullable<System['last_day']> }) {
  const words = spoken(WORDS)
  const slow = day.slow_batch_ms === null ? null : formatSeconds(day.slow_batch_ms / 1000)
  return (
    <Wide label={words.day}>
      <table>
        <caption class="visually-hidden">{words.day}</caption>
        <thead>
          <tr>
            <th scope="col">{words.outcome}</th>
            <th scope="col">{words.number}</th>
            <th scope="col" class="words">
              {words.means}
            </th>
          </tr>
        </thead>
        <tbody>
          {OUTCOMES.map(outcome => (
            <tr key={outcome} data-outcome={outcome}>
              <th scope="row">{words.outcomes[outcome]}</th>
              <td>{formatCount(day[outcome])}</td>
              <td class="words">{words.meanings[outcome]}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-outcome="records">
            <th scope="row">{words.outcomes.records}</th>
            <td>{formatCount(day.records)}</td>
            <td class="words quiet">{words.batches(formatCount(day.batches), slow)}</td>
          </tr>
        </tfoot>
      </table>
    </Wide>
  )
}

const STEPS = ['ten_seconds', 'quarter_hour', 'day', 'raw'] as const
const PARTS = ['kivi', 'node', 'clickhouse', 'schema', 'catalog'] as const

/** How long data are kept. */
export function Kept({ retention }: { retention: System['retention_seconds'] }) {
  const words = spoken(WORDS)
  return (
    <dl class="pairs">
      {STEPS.map(step => (
        <div key={step} data-kept={step}>
          <dt>{words.keeps[step]}</dt>
          <dd>{retention[step] === null ? words.forEver : formatSeconds(retention[step])}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Of what runs here. */
export function Versions({ versions }: { versions: System['versions'] }) {
  const words = spoken(WORDS)
  return (
    <dl class="pairs">
      {PARTS.map(part => (
        <div key={part} data-version={part}>
          <dt>{words.version[part]}</dt>
          <dd>
            <code>{versions[part] ?? words.unknown}</code>
          </dd>
        </div>
      ))}
    </dl>
  )
}
