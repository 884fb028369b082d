import { useEffect, useState } from 'preact/hooks'
import type { Board } from '../../api/board.ts'
import { useBoard } from '../../api/use-board.ts'
import { Answered } from '../../parts/answered.tsx'
import { Freshness } from '../../parts/freshness.tsx'
import { spoken } from '../../settings/language.ts'
import { useAskedBoard } from './asked.ts'
import './board.css'
import { Card } from './card.tsx'
import { Choices } from './choices.tsx'
import { OldData } from './old-data.tsx'
import { leadersFirst } from './order.ts'
import { WORDS } from './words.ts'

/** The indicators that are looked at every day. */
export default function BoardPage() {
  const words = spoken(WORDS)
  const [asked, ask] = useAskedBoard()
  const answer = useBoard(asked)
  const { value: board, refused, connection } = answer
  const owners = useOwners(board, asked.owner)
  return (
    <div id="board" aria-busy={board === null && refused === null}>
      <div class="title">
        <h1>{words.title}</h1>
        {(board !== null || refused !== null) && (
          <Freshness watermark={board?.watermark ?? null} lost={refused !== null} connection={connection} />
        )}
        <Choices asked={asked} owners={owners} onChange={ask} />
      </div>
      <Answered answer={answer}>
        {shown => (
          <>
            <OldData board={shown} />
            {shown.indicators.length === 0 ? (
              <Empty filtered={asked.level !== '' || asked.owner !== ''} onAll={() => ask({ level: '', owner: '' })} />
            ) : (
              <div class="cards">
                {leadersFirst(shown).map(item => (
                  <Card key={item.id} item={item} board={shown} leads={shown.north_star.includes(item.id)} />
                ))}
              </div>
            )}
          </>
        )}
      </Answered>
    </div>
  )
}

/** Owners that were seen on the board: a choice stays there after it was made. */
function useOwners(board: Board | null, chosen: string): readonly string[] {
  const [seen, setSeen] = useState<readonly string[]>([])
  useEffect(() => {
    if (board === null) return
    setSeen(before => {
      const owners = board.indicators.flatMap(item => item.owner ?? [])
      const all = new Set([...before, ...owners, ...(chosen === '' ? [] : [chosen])])
      return all.size === before.length ? before : [...all].sort()
    })
  }, [board, chosen])
  return seen
}

function Empty({ filtered, onAll }: { filtered: boolean; onAll: () => void }) {
  const words = spoken(WORDS)
  return (
    <div class="empty">
      <h2>{filtered ? words.nothingTitle : words.emptyTitle}</h2>
      <p>{filtered ? words.nothingText : words.emptyText}</p>
      {filtered && (
        <button type="button" onClick={onAll}>
          {words.showAll}
        </button>
      )}
    </div>
  )
}
