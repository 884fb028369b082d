import type { Alerts } from '../../api/alerts.ts'
import { formatSeconds } from '../../format/spans.ts'
import { spoken } from '../../settings/language.ts'
import { doubtOf } from './told-alert.ts'
import { WORDS } from './words.ts'

/** Silence means that all is well only where somebody evaluates: says so where nobody does. */
export function Doubts({ alerts }: { alerts: Alerts }) {
  const words = spoken(WORDS)
  const doubt = doubtOf(alerts, Date.now())
  if (doubt === null) return null
  const length = 'ms' in doubt ? formatSeconds(doubt.ms / 1000) : ''
  const [what, helps] = {
    no_rules: [words.noRules, words.noRulesAbout],
    no_leader: [words.noLeader, words.noLeaderAbout],
    unheard: [words.unheard(length, alerts.leader?.name ?? ''), words.unheardAbout],
    old_log: [words.oldLog(length), words.oldLogAbout],
  }[doubt.what] as [string, string]
  return (
    <div class="notice" role="alert" data-doubt={doubt.what}>
      <p>
        <strong>{what}</strong> {helps}
      </p>
    </div>
  )
}
