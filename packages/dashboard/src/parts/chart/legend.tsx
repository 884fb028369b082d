import { formatValue } from '../../format/numbers.ts'
import { spoken } from '../../settings/language.ts'
import { type Columns, runsOf } from './columns.ts'
import type { ChartData, ChartPoint } from './model.ts'
import { WORDS } from './words.ts'

type Sample = 'main' | 'previous' | 'second' | 'target' | 'interval' | 'tail' | 'provisional' | 'revised'

/** What each line and sign of the chart means; only those that are on it. */
export function Legend({ data, columns, isTargetFar }: { data: ChartData; columns: Columns; isTargetFar: boolean }) {
  const words = spoken(WORDS)
  const { main, previous, second } = data
  const targets = new Set(columns.target.filter(value => value !== null))
  const [only] = targets
  const points = columns.points.filter(point => point !== null)
  const target =
    targets.size === 0
      ? null
      : `${words.target}${targets.size === 1 ? ` ${formatValue(only as number, main.unit)}` : ''}${isTargetFar ? ` (${words.far})` : ''}`
  const entries: ReadonlyArray<readonly [Sample, string | null]> = [
    ['main', main.label],
    ['target', target],
    ['previous', previous?.label ?? null],
    ['second', second?.label ?? null],
    ['interval', points.some(point => point.interval !== null) ? words.interval : null],
    ['tail', tailWord(points)],
    [
      'provisional',
      runsOf(columns.points, point => point.provisional && point.value !== null).length > 0 ? words.provisional : null,
    ],
    ['revised', points.some(point => point.revised) ? words.revised : null],
  ]
  return (
    <ul class="legend">
      {entries.flatMap(([sample, text]) =>
        text === null
          ? []
          : [
              <li key={sample}>
                <Swatch sample={sample} />
                {text}
              </li>,
            ],
      )}
    </ul>
  )
}

/** What the dashed end of the line means. */
function tailWord(points: readonly ChartPoint[]): string | null {
  const words = spoken(WORDS)
  const open = points.filter(point => point.value !== null && (point.partial || !point.complete))
  if (open.length === 0) return null
  return open.some(point => !point.complete) ? words.incomplete : words.partial
}

function Swatch({ sample }: { sample: Sample }) {
  return (
    <svg class={`swatch ${sample}`} viewBox="0 0 26 12" aria-hidden="true">
      {sample === 'revised' ? (
        <path d="M13 1.5 17.5 6 13 10.5 8.5 6Z" />
      ) : sample === 'interval' ? (
        <rect width="26" height="12" />
      ) : sample === 'provisional' ? (
        <path d="M1 11 11 1 M9 11 19 1 M17 11 25 3" />
      ) : (
        <line x1="0" x2="26" y1="6" y2="6" />
      )}
    </svg>
  )
}
