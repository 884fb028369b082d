import { formatMinute } from '../../format/times.ts'
import { spoken } from '../../settings/language.ts'
import type { ChartMark } from './model.ts'
import type { Layout } from './use-plot.ts'
import { WORDS } from './words.ts'

/** A label needs so much room, CSS pixels; where it has less the mark has its number only. */
const LABEL_PX = 130

interface Choice {
  readonly chosen: string | null
  readonly onChoose: (id: string | null) => void
}

/** Flags at the upper end of the marks, numbered as the list beside the chart. */
export function MarkFlags({
  marks,
  layout,
  chosen,
  onChoose,
}: Choice & { marks: readonly ChartMark[]; layout: Layout }) {
  const right = layout.left + layout.width
  const inside = layout.marks.filter(({ x }) => x >= layout.left - 1 && x <= right + 1).sort((a, b) => a.x - b.x)
  return (
    <div class="mark-flags" data-over aria-hidden="true">
      {inside.map(({ id, x }, index) => {
        const place = marks.findIndex(mark => mark.id === id)
        const mark = marks[place]
        if (mark === undefined) return null
        const room = (inside[index + 1]?.x ?? right) - x
        return (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            class={`mark-flag${mark.planned ? ' planned' : ''}${chosen === id ? ' chosen' : ''}`}
            title={mark.label}
            style={{ left: `${x}px`, maxWidth: `${Math.max(22, Math.min(room - 4, 220))}px` }}
            onClick={() => onChoose(chosen === id ? null : id)}
          >
            {place + 1}
            {room >= LABEL_PX && <span>{mark.label}</span>}
          </button>
        )
      })}
    </div>
  )
}

/** The same marks as a list: each can be reached by keyboard, and stands out on the chart then. */
export function MarkList({ marks, chosen, onChoose }: Choice & { marks: readonly ChartMark[] }) {
  const words = spoken(WORDS)
  if (marks.length === 0) return null
  return (
    <ol class="mark-list" aria-label={words.actions}>
      {marks.map(mark => (
        <li key={mark.id}>
          <button
            type="button"
            aria-pressed={chosen === mark.id}
            onClick={() => onChoose(chosen === mark.id ? null : mark.id)}
            onFocus={() => onChoose(mark.id)}
          >
            {mark.label}
            <small>
              {formatMinute(mark.at)}
              {mark.until === null ? '' : ` – ${formatMinute(mark.until)}`}
              {mark.planned ? ` · ${words.planned}` : ''}
            </small>
          </button>
        </li>
      ))}
    </ol>
  )
}
