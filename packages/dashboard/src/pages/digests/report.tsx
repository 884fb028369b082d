import { Link, useLocation, useSearchParams } from 'wouter-preact'
import { useAnswer } from '../../api/use-answer.ts'
import { formatPeriod } from '../../format/periods.ts'
import { formatMinute } from '../../format/times.ts'
import { Answered } from '../../parts/answered.tsx'
import { Choice } from '../../parts/choice.tsx'
import { SaveButton } from '../../parts/save-button.tsx'
import { Status } from '../../parts/status.tsx'
import { accessKey } from '../../settings/key.ts'
import { language, spoken, told } from '../../settings/language.ts'
import { Done } from './done.tsx'
import { Indicators } from './indicators.tsx'
import { Movers } from './movers.tsx'
import { PeriodAlerts } from './period-alerts.tsx'
import type { Digest, Listed } from './types.ts'
import { WORDS } from './words.ts'

const REFRESH_MS = 30_000
const FORMS = [
  { name: 'Markdown', format: 'markdown', type: 'text/markdown', ending: 'md' },
  { name: 'HTML', format: 'html', type: 'text/html', ending: 'html' },
] as const
const STATUSES = ['on_track', 'at_risk', 'off_track', 'provisional', 'no_target', 'no_data'] as const

/** One report: a digest over one of its periods, the latest unless the address says another one. */
export function Report({ id, all }: { id: string; all: readonly Listed[] }) {
  const words = spoken(WORDS)
  const [, go] = useLocation()
  const [parameters] = useSearchParams()
  const period = parameters.get('period') ?? 'latest'
  const path = `/v1/digests/${encodeURIComponent(id)}`
  const answer = useAnswer<Digest>(`${path}?${new URLSearchParams({ period })}`, REFRESH_MS)
  const titles = new Map(all.map(one => [one.digest, told(one.title)]))
  const { value } = answer
  const title = value === null ? titles.get(id) : told(value.title)
  return (
    <>
      <p class="crumb">
        <Link href="/digests">{words.title}</Link>
      </p>
      <div class="title">
        <h1>{title ?? id}</h1>
        <div class="choices">
          {titles.size > 1 && titles.has(id) && (
            <Choice
              label={words.digest}
              values={[...titles.keys()]}
              value={id}
              told={one => titles.get(one) ?? one}
              onChange={one => go(`/digests/${encodeURIComponent(one)}`)}
            />
          )}
        </div>
      </div>
      <Answered answer={answer}>
        {digest => (
          <>
            <Period digest={digest} address={`/digests/${encodeURIComponent(id)}`} />
            {told(digest.description) !== '' && <p class="about">{told(digest.description)}</p>}
            <Doubts digest={digest} />
            <Summary digest={digest} />
            <Indicators digest={digest} />
            <Movers digest={digest} />
            <Done digest={digest} />
            <PeriodAlerts digest={digest} />
            <div class="downloads deeds">
              <button type="button" onClick={() => window.print()}>
                {words.print}
              </button>
              {FORMS.map(form => (
                <FileOf key={form.name} digest={digest} form={form} path={path} />
              ))}
            </div>
          </>
        )}
      </Answered>
    </>
  )
}

/** The report in another form: a link that can be sent to others, or with a key, which a link cannot carry, a file. */
function FileOf({ digest, form, path }: { digest: Digest; form: (typeof FORMS)[number]; path: string }) {
  const { period } = digest
  const query = new URLSearchParams({ period: period.name, format: form.format, lang: language.value })
  const address = `${path}?${query}`
  if (accessKey.value === null)
    return (
      <a href={address} data-form={form.format}>
        {form.name}
      </a>
    )
  const file = `${digest.digest}-${period.name}.${form.ending}`
  return <SaveButton label={`${spoken(WORDS).saveAs} ${form.name}`} path={address} type={form.type} file={file} />
}

/** Which period it is, and the way to others: those beside it, and the one with a day. */
function Period({ digest, address }: { digest: Digest; address: string }) {
  const words = spoken(WORDS)
  const [, go] = useLocation()
  const { every, period, before, after } = digest
  const to = (name: string) => `${address}?period=${name}`
  return (
    <nav class="period" aria-label={words.period} data-period={period.name}>
      <Link href={to(before)} aria-label={`${words.before}: ${formatPeriod(every, before)}`} data-before={before}>
        ←
      </Link>
      <strong>{formatPeriod(every, period.name)}</strong>
      {after !== null && (
        <Link href={to(after)} aria-label={`${words.after}: ${formatPeriod(every, after)}`} data-after={after}>
          →
        </Link>
      )}
      <label class="choice">
        <span>{words.dateIn}</span>
        <input
          type="date"
          value={period.name}
          onChange={event => event.currentTarget.value !== '' && go(to(event.currentTarget.value))}
        />
      </label>
      <Link href={address}>{words.latest}</Link>
    </nav>
  )
}

/** What is to be known before the numbers are read. */
function Doubts({ digest: { period, complete, watermark } }: { digest: Digest }) {
  const words = spoken(WORDS)
  if (!period.running && complete) return null
  const isEmpty = watermark === null || Date.parse(watermark) <= Date.parse(period.from)
  return (
    <p class="notice" data-doubt={period.running ? 'running' : 'incomplete'}>
      {period.running && `${words.running} `}
      {!complete && !period.running && (isEmpty ? words.nothingKnown : words.incomplete(formatMinute(watermark)))}
    </p>
  )
}

/** How many stand how, and which two stand out. */
function Summary({ digest: { statuses, best, worst, indicators } }: { digest: Digest }) {
  const words = spoken(WORDS)
  const named = (id: string) => {
    const found = indicators.find(one => one.id === id)
    return <Link href={`/indicators/${encodeURIComponent(id)}`}>{found === undefined ? id : told(found.label)}</Link>
  }
  return (
    <section class="panel summary" aria-label={words.summary}>
      <ul class="statuses">
        {STATUSES.filter(status => statuses[status] > 0).map(status => (
          <li key={status} data-count={statuses[status]}>
            <strong>{statuses[status]}</strong> <Status status={status} />
          </li>
        ))}
      </ul>
      {best !== null && (
        <p data-best={best}>
          {words.best}: {named(best)}
        </p>
      )}
      {worst !== null && worst !== best && (
        <p data-worst={worst}>
          {words.worst}: {named(worst)}
        </p>
      )}
    </section>
  )
}
