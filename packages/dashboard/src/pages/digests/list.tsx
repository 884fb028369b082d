import { Link } from 'wouter-preact'
import { formatCount } from '../../format/numbers.ts'
import { formatPeriod } from '../../format/periods.ts'
import { formatMinute } from '../../format/times.ts'
import { spoken, told } from '../../settings/language.ts'
import type { Listed } from './types.ts'
import { WORDS } from './words.ts'

/** What is reported, how often, and what became of the latest report. */
export function DigestList({ digests }: { digests: readonly Listed[] }) {
  const words = spoken(WORDS)
  return (
    <>
      <div class="title">
        <h1>{words.title}</h1>
      </div>
      <p class="about">{words.about}</p>
      <div class="digest-cards">
        {digests.map(digest => (
          <DigestCard key={digest.digest} digest={digest} />
        ))}
      </div>
    </>
  )
}

function DigestCard({ digest }: { digest: Listed }) {
  const words = spoken(WORDS)
  const { every, latest, next, receivers } = digest
  const address = `/digests/${encodeURIComponent(digest.digest)}`
  const facts = [
    words.every[every],
    words.due(digest.at),
    words.indicators(formatCount(digest.indicators.length)),
    ...(digest.owner === null ? [] : [words.owner(digest.owner)]),
  ]
  return (
    <article class="panel" data-digest={digest.digest}>
      <h2>
        <Link href={address}>{told(digest.title)}</Link>
      </h2>
      <p>{told(digest.description)}</p>
      <p class="quiet">{facts.join(' · ')}</p>
      <p>
        {words.latest}:{' '}
        <Link href={`${address}?period=${latest.name}`} data-latest={latest.name}>
          {formatPeriod(every, latest.name)}
        </Link>
      </p>
      {receivers.length === 0 ? <p class="quiet">{words.shownOnly}</p> : <Receivers digest={digest} />}
      <p class="quiet">{words.next(formatMinute(next.due))}</p>
    </article>
  )
}

/** To whom it is sent, and what became of the newest report. */
function Receivers({ digest }: { digest: Listed }) {
  const words = spoken(WORDS)
  return (
    <>
      <h3>{words.receivers}</h3>
      <ul class="receivers">
        {digest.receivers.map(({ name, history: [newest] }) => (
          <li key={name} data-receiver={name}>
            {name}{' '}
            <span class={`pill outcome ${newest?.outcome ?? 'waiting'}`} title={newest?.answer}>
              {newest === undefined ? words.notSent : words.outcomes[newest.outcome]}
            </span>
            {newest !== undefined && (
              <small class="quiet">
                {[
                  formatPeriod(digest.every, newest.period),
                  formatMinute(newest.answered ?? newest.at),
                  ...(newest.complete ? [] : [words.incompleteThen]),
                  ...(newest.attempts > 1 ? [words.attempts(formatCount(newest.attempts))] : []),
                ].join(' · ')}
              </small>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
