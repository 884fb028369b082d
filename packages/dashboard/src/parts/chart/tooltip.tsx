import type { ToldPoint } from './told-point.ts'
import type { Layout } from './use-plot.ts'

const GAP_PX = 14

/** What stands at the cursor; the slider tells the same to who does not see it. */
export function Tooltip({ told, x, layout }: { told: ToldPoint; x: number; layout: Layout }) {
  const isRight = x - layout.left > layout.width / 2
  const place = isRight ? { right: `calc(100% - ${x - GAP_PX}px)` } : { left: `${x + GAP_PX}px` }
  return (
    <div class="chart-tip" data-over aria-hidden="true" style={{ ...place, top: `${layout.top + 8}px` }}>
      <p class="chart-tip-time">{told.time}</p>
      <dl>
        {told.rows.map(row => (
          <div key={row.name} class={row.name}>
            <dt>
              {row.label}
              {row.time !== undefined && <small>{row.time}</small>}
            </dt>
            <dd>{row.text}</dd>
          </div>
        ))}
      </dl>
      {told.notes.length > 0 && <p class="chart-tip-notes">{told.notes.join(' · ')}</p>}
    </div>
  )
}
