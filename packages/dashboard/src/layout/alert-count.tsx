import { useAlerts } from '../api/alerts.ts'
import { formatCount } from '../format/numbers.ts'
import { spoken, type Words } from '../settings/language.ts'
import './alert-count.css'

const WORDS: Words<{ firing: (count: string) => string }> = {
  en: { firing: count => `${count} firing` },
  zh: { firing: count => `${count} 条正在告警` },
}

/** How many alerts fire, beside the way to them; nothing where none does or nobody may know. */
export function AlertCount() {
  const { value, refused } = useAlerts()
  const firing = value?.counts.firing ?? 0
  // of what cannot be asked any more, a number would be a claim; what passes keeps the last one
  if (firing === 0 || (refused !== null && refused.status >= 400 && refused.status < 500)) return null
  const told = spoken(WORDS).firing(formatCount(firing))
  return (
    <span class="alert-count" title={told} data-firing={firing}>
      <span aria-hidden="true">{formatCount(firing)}</span>
      <span class="visually-hidden">{told}</span>
    </span>
  )
}
