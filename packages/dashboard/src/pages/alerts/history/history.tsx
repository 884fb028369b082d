import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import type { AlertRule } from '../../../api/alerts.ts'
import { ask } from '../../../api/ask.ts'
import { useAnswer } from '../../../api/use-answer.ts'
import { formatCount } from '../../../format/numbers.ts'
import { Answered, Problem } from '../../../parts/answered.tsx'
import { Choice, useChoice } from '../../../parts/choice.tsx'
import { useSending } from '../../../parts/form/use-sending.ts'
import { CsvButton } from '../../../parts/save-button.tsx'
import { spoken } from '../../../settings/language.ts'
import { EventTable } from './event-table.tsx'
import { type AlertEvent, historyPath, isOfKind, KINDS } from './events.ts'
import { WORDS } from './words.ts'

type Page = Answer<'alertHistory'>

const SPANS = ['7d', '1d', '30d', '90d'] as const
const DAYS = { '1d': 1, '7d': 7, '30d': 30, '90d': 90 } as const
const REFRESH_MS = 10_000

/** What happened to alerts, and who was told. */
export function History({ rules }: { rules: readonly AlertRule[] }) {
  const words = spoken(WORDS)
  const [span, setSpan] = useChoice('span', SPANS)
  const [kind, setKind] = useChoice('kind', KINDS)
  const [rule, setRule] = useChoice('rule', ['', ...rules.map(one => one.alert)])
  const [opened] = useState(() => Date.now())
  const path = historyPath(rule, DAYS[span], opened)
  const answer = useAnswer<Page>(path, REFRESH_MS)
  return (
    <section class="panel" data-part="history">
      <div class="title">
        <h2>{words.title}</h2>
        <div class="choices">
          <Choice
            label={words.rule}
            values={['', ...rules.map(one => one.alert)]}
            value={rule}
            told={one => (one === '' ? words.all : one)}
            onChange={setRule}
          />
          <Choice
            label={words.kind}
            values={KINDS}
            value={kind}
            told={one => words.kinds[one] ?? one}
            onChange={setKind}
          />
          <Choice
            label={words.span}
            values={SPANS}
            value={span}
            told={one => words.spans[one] ?? one}
            onChange={setSpan}
          />
        </div>
      </div>
      <p class="about">{words.about}</p>
      <Answered answer={answer}>
        {first => <Pages key={path} first={first} path={path} kind={kind} rules={rules} />}
      </Answered>
      <p class="downloads">
        <CsvButton path={path} name="alert-history" />
      </p>
    </section>
  )
}

/** The first page, which goes on being asked for, and the older ones that the reader wanted. */
function Pages({
  first,
  path,
  kind,
  rules,
}: {
  first: Page
  path: string
  kind: (typeof KINDS)[number]
  rules: readonly AlertRule[]
}) {
  const words = spoken(WORDS)
  // what was on the first page when older ones were asked for stays, whatever comes before it meanwhile
  const [older, setOlder] = useState<Page | null>(null)
  const { isSending, refused, run } = useSending()
  const cursor = older === null ? first.next : older.next
  const more = async () => {
    if (cursor === null) return
    const page = await run(() => ask<Page>(`${path}&cursor=${encodeURIComponent(cursor)}`))
    if (page !== null) setOlder({ items: [...(older?.items ?? first.items), ...page.items], next: page.next })
  }
  const items = older === null ? first.items : joined(first.items, older.items)
  const shown = items.filter(item => isOfKind(item, kind))
  return (
    <>
      {shown.length === 0 ? <p>{words.none}</p> : <EventTable events={shown} rules={rules} />}
      {shown.length < items.length && <p class="quiet">{words.hidden(formatCount(items.length - shown.length))}</p>}
      {refused !== null && <Problem refused={refused} />}
      {cursor !== null && (
        <p>
          <button type="button" data-older disabled={isSending} onClick={() => void more()}>
            {isSending ? words.loading : words.older}
          </button>
        </p>
      )}
    </>
  )
}

/** What came meanwhile, and all that was there before. */
function joined(fresh: readonly AlertEvent[], before: readonly AlertEvent[]): readonly AlertEvent[] {
  const keyOf = (event: AlertEvent) => JSON.stringify(event)
  const known = new Set(before.map(keyOf))
  return [...fresh.filter(event => !known.has(keyOf(event))), ...before]
}
