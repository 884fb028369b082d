import { Link } from 'wouter-preact'
import { firingOf, useAlerts } from '../api/alerts.ts'
import { formatCount } from '../format/numbers.ts'
import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<{ fires: (count: number, told: string) => string }> = {
  en: { fires: (count, told) => (count === 1 ? 'alert' : `${told} alerts`) },
  zh: { fires: (_, told) => `${told} 条告警` },
}

/** That alerts about an indicator fire, with the way to them; nothing where none does. */
export function AlertMark({ indicator }: { indicator: string }) {
  const firing = firingOf(useAlerts(), indicator)
  if (firing.length === 0) return null
  const texts = firing.map(alert => alert.annotations['summary'] ?? alert.alert)
  return (
    <Link class="pill outlined alert-mark" href="/alerts" title={texts.join('\n')} data-alerts={firing.length}>
      <span aria-hidden="true">▲</span> {spoken(WORDS).fires(firing.length, formatCount(firing.length))}
    </Link>
  )
}
