import type { Answer } from '@kivi/client'
import { useMemo, useState } from 'preact/hooks'
import { useAnswer } from '../../api/use-answer.ts'
import { formatWindow } from '../../format/times.ts'
import '../../parts/analysis.css'
import { Answered } from '../../parts/answered.tsx'
import { Choice, useChoice } from '../../parts/choice.tsx'
import { spoken, told } from '../../settings/language.ts'
import { BranchRow } from './branch-row.tsx'
import './hierarchy.css'
import { type Branch, forest, type Listed, pathTo } from './tree.ts'
import { WORDS } from './words.ts'

const WINDOWS = ['', '1d', '7d', '30d'] as const

/** Which indicator rests on which, and where the trouble of one comes from. */
export default function HierarchyPage() {
  const words = spoken(WORDS)
  const [window, setWindow] = useChoice('window', WINDOWS)
  const listed = useAnswer<Answer<'indicators'>>('/v1/indicators?limit=500', 60_000)
  return (
    <div class="analysis" aria-busy={listed.value === null}>
      <div class="title">
        <h1>{words.title}</h1>
        <div class="choices">
          <Choice
            label={words.window}
            values={WINDOWS}
            value={window}
            told={length => (length === '' ? words.own : formatWindow(length))}
            onChange={setWindow}
          />
        </div>
      </div>
      <p class="about">{words.about}</p>
      <Answered answer={listed}>{({ items }) => <Trees items={items} window={window} />}</Answered>
    </div>
  )
}

function Trees({ items, window }: { items: readonly Listed[]; window: string }) {
  const words = spoken(WORDS)
  const trees = useMemo(() => forest(items), [items])
  const [text, setText] = useState('')
  const sought = useMemo(() => found(items, text), [items, text])
  if (trees.length === 0)
    return (
      <div class="empty">
        <h2>{words.none}</h2>
        <p>{words.noneAbout}</p>
      </div>
    )
  return (
    <section class="panel">
      <label class="choice">
        <span>{words.find}</span>
        <input
          type="search"
          list="indicators-of-the-hierarchy"
          value={text}
          onInput={event => setText(event.currentTarget.value)}
        />
      </label>
      <datalist id="indicators-of-the-hierarchy">
        {items.map(item => (
          <option key={item.id} value={told(item.label)} />
        ))}
      </datalist>
      <ul class="tree">
        {trees.map((tree, index) => (
          <BranchRow
            // what is found opens its way anew
            key={`${tree.item.id} ${sought ?? ''}`}
            branch={tree}
            window={window}
            standing={undefined}
            drags={false}
            opened={opened(trees, tree, index === 0, sought)}
            sought={sought}
          />
        ))}
      </ul>
    </section>
  )
}

/** The first tree is open, so that the page shows what it is for; and whatever leads to what is sought. */
function opened(trees: readonly Branch[], tree: Branch, first: boolean, sought: string | null): ReadonlySet<string> {
  const way = sought === null ? null : pathTo(trees, sought)
  if (way !== null) return new Set(way)
  return new Set(first ? [tree.item.id] : [])
}

/** An indicator by its id or its name in either language. */
function found(items: readonly Listed[], text: string): string | null {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return null
  const item = items.find(one => [one.id, one.label.en, one.label.zh].some(name => name.toLowerCase() === wanted))
  return item?.id ?? null
}
