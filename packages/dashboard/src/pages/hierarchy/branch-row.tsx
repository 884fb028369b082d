import type { Answer } from '@kivi/client'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { Status as Judged } from '../../api/board.ts'
import { useAnswer } from '../../api/use-answer.ts'
import { levelWord } from '../../format/levels.ts'
import { formatChange, formatCount, formatValue } from '../../format/numbers.ts'
import { Problem } from '../../parts/answered.tsx'
import { reasonWord } from '../../parts/reason.ts'
import { Status } from '../../parts/status.tsx'
import { spoken, told } from '../../settings/language.ts'
import type { Branch, Listed } from './tree.ts'
import { WORDS } from './words.ts'

type Drivers = Answer<'drivers'>

/** How an indicator stands, as far as it is known. */
interface Standing {
  readonly value: number | null
  readonly previous: number | null
  readonly target: number | null
  readonly status: Judged
}

interface RowProps {
  readonly branch: Branch
  /** empty: each one's own */
  readonly window: string
  /** undefined: not asked for yet */
  readonly standing: Standing | undefined
  readonly drags: boolean
  readonly opened: ReadonlySet<string>
  readonly sought: string | null
}

/** An indicator and, once it is opened, those below it. */
export function BranchRow({ branch, window, standing, drags, opened, sought }: RowProps) {
  const words = spoken(WORDS)
  const { item, children, below } = branch
  const [chosen, setOpen] = useState<boolean | null>(null)
  const open = children.length > 0 && (chosen ?? opened.has(item.id))
  const query = window === '' ? '' : `?${new URLSearchParams({ window })}`
  const drivers = useAnswer<Drivers>(open ? `/v1/drivers/${encodeURIComponent(item.id)}${query}` : null, 30_000)
  const label = told(item.label)
  return (
    <li data-indicator={item.id}>
      <div class={item.id === sought ? 'row sought' : 'row'}>
        {children.length > 0 ? (
          <button
            type="button"
            class="twist"
            aria-expanded={open}
            aria-label={words.open(label)}
            onClick={() => setOpen(!open)}
          >
            <span aria-hidden="true">{open ? '▾' : '▸'}</span>
          </button>
        ) : (
          <span class="twist" />
        )}
        <span class="name">
          <Link href={`/indicators/${encodeURIComponent(item.id)}`}>{label}</Link>
          <span class="quiet">
            {item.level !== null && ` ${levelWord(item.level)}`}
            {item.owner !== null && ` · ${item.owner}`}
            {below > 0 && ` · ${words.below(formatCount(below))}`}
          </span>
          {drags && (
            <span class="pill badge drags" title={words.dragsAbout}>
              {words.drags}
            </span>
          )}
        </span>
        <Numbers item={item} standing={standing ?? own(drivers.value)} />
      </div>
      {open && drivers.refused !== null && drivers.value === null && <Problem refused={drivers.refused} />}
      {open && (
        <ul>
          {children.map(child => (
            <BranchRow
              key={child.item.id}
              branch={child}
              window={window}
              standing={drivers.value?.children.find(one => one.id === child.item.id)}
              drags={drivers.value?.drag?.id === child.item.id}
              opened={opened}
              sought={sought}
            />
          ))}
        </ul>
      )}
    </li>
  )
}

/** A root is told by what was asked about it; its target is on its own page. */
const own = (drivers: Drivers | null): Standing | undefined =>
  drivers === null
    ? undefined
    : { value: drivers.value, previous: drivers.previous.value, target: null, status: 'no_target' }

function Numbers({ item, standing }: { item: Listed; standing: Standing | undefined }) {
  const words = spoken(WORDS)
  if (standing === undefined) return null
  const { value, previous, target, status } = standing
  // of what can be below zero, a growth or a score, a relative change says nothing
  const change = value === null || previous === null || previous <= 0 || value < 0 ? null : value / previous - 1
  const improves = change === null || change === 0 ? null : change > 0 === (item.better === 'higher')
  return (
    <span class="numbers">
      <strong>{value === null ? reasonWord(undefined) : formatValue(value, item.unit)}</strong>
      {change !== null && (
        <span class={improves === null ? 'change' : improves ? 'change good' : 'change bad'} title={words.before}>
          {formatChange(change)}
        </span>
      )}
      {target !== null && (
        <span class="quiet">
          {words.target} {item.better === 'higher' ? '≥' : '≤'} {formatValue(target, item.unit)}
        </span>
      )}
      {status !== 'no_target' && <Status status={status} />}
    </span>
  )
}
