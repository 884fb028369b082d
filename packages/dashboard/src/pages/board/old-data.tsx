import type { Board } from '../../api/board.ts'
import { formatDay } from '../../format/times.ts'
import { spoken } from '../../settings/language.ts'
import { WORDS } from './words.ts'

const DAY_MS = 86_400_000

/** Where every window lies after the newest event: how to see the data that there are. */
export function OldData({ board }: { board: Board }) {
  const words = spoken(WORDS)
  const [first] = board.indicators
  if (first === undefined || board.newest_event === null) return null
  if (!board.indicators.every(item => item.reason === 'after_newest_event')) return null
  // windows end with whole days there: of that age nothing finer may be stored
  const end = new Date(Date.parse(board.newest_event) + DAY_MS).toISOString().slice(0, 10)
  const address = `/v1/indicators/${encodeURIComponent(first.id)}/series?window=30d&to=${end}T00:00:00Z`
  return (
    <div class="notice">
      <p>
        <strong>{words.oldTitle(formatDay(board.newest_event))}</strong>
      </p>
      <p>
        {words.oldText} <a href={address}>{address}</a>
      </p>
    </div>
  )
}
