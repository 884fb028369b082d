import { formatCount, formatShare } from '../../format/numbers.ts'
import { formatSeconds } from '../../format/spans.ts'
import { spoken } from '../../settings/language.ts'
import { findingsOf, type System } from './findings.ts'
import { WORDS } from './words.ts'

/** Whether all is well; else what is not, what that means and what helps. */
export function Verdict({ system }: { system: System }) {
  const words = spoken(WORDS)
  const findings = findingsOf(system)
  if (findings.length === 0)
    return (
      <p class="verdict" role="status" data-verdict="well">
        {words.well}
      </p>
    )
  return (
    <section class="panel findings" data-verdict={findings.some(one => one.severity === 'bad') ? 'bad' : 'warn'}>
      <h2>{words.findings}</h2>
      <ul>
        {findings.map(({ what, severity, count, seconds, share }) => {
          const [says, helps] = words.found[what]
          const told = { count: formatCount(count), length: formatSeconds(seconds), share: formatShare(share, 1) }
          return (
            <li key={what} class={severity} data-finding={what}>
              <strong>{says(told)}</strong> {helps}
              {what === 'unavailable' && <Missing system={system} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What could not be asked, in the words of whoever was asked. */
function Missing({ system }: { system: System }) {
  const words = spoken(WORDS)
  return (
    <ul>
      {system.unavailable.map(({ what, reason }) => (
        <li key={what} data-missing={what}>
          {words.missing[what] ?? what}: <span lang="en">{reason}</span>
        </li>
      ))}
    </ul>
  )
}
