import { Link } from 'wouter-preact'
import type { Board, BoardItem } from '../../api/board.ts'
import { formatShare, formatValue } from '../../format/numbers.ts'
import { formatDay, formatMinute, formatWindow } from '../../format/times.ts'
import { AlertMark } from '../../parts/alert-mark.tsx'
import { reasonWord } from '../../parts/reason.ts'
import { Spark } from '../../parts/spark.tsx'
import { Status } from '../../parts/status.tsx'
import { TrendMark } from '../../parts/trend-mark.tsx'
import { spoken, told } from '../../settings/language.ts'
import { WORDS } from './words.ts'

/** One indicator: how much it is, how it stands to its target, where it goes, and how far it can be trusted yet. */
export function Card({ item, board, leads }: { item: BoardItem; board: Board; leads: boolean }) {
  return (
    <article id={`indicator-${item.id}`} class={leads ? 'card north-star' : 'card'} data-status={item.status}>
      {leads && <p class="mark">{spoken(WORDS).northStar}</p>}
      <div class="top">
        <h2>
          <Link href={`/indicators/${encodeURIComponent(item.id)}`}>{told(item.label)}</Link>
        </h2>
        <AlertMark indicator={item.id} />
        <Status status={item.status} />
      </div>
      <Value item={item} />
      <Target item={item} />
      <Spark points={item.spark} target={item.spark_target} unit={item.unit} />
      <Notes item={item} board={board} />
    </article>
  )
}

function Value({ item }: { item: BoardItem }) {
  if (item.value === null) return <p class="value none">{reasonWord(item.reason)}</p>
  return (
    <p class="value">
      <span title={formatValue(item.value, item.unit, { digits: 'full' })}>{formatValue(item.value, item.unit)}</span>
      {item.trend !== null && <TrendMark trend={item.trend} />}
    </p>
  )
}

function Target({ item }: { item: BoardItem }) {
  const words = spoken(WORDS)
  if (item.target === null) return <div class="target" />
  const sign = item.better === 'higher' ? '≥' : '≤'
  return (
    <div class="target">
      <p>
        <span>
          {words.target} {sign} {formatValue(item.target, item.unit)}
        </span>
        {item.attainment !== null && <span>{words.attained(formatShare(item.attainment))}</span>}
      </p>
      {item.attainment !== null && (
        // says nothing that the words above do not
        <div class="bar" aria-hidden="true">
          <div style={{ inlineSize: `${Math.min(100, Math.max(0, item.attainment * 100))}%` }} />
        </div>
      )}
    </div>
  )
}

function Notes({ item, board }: { item: BoardItem; board: Board }) {
  const words = spoken(WORDS)
  const silentSince = item.reason === 'after_newest_event' && item.value !== null ? board.newest_event : null
  return (
    <p class="notes">
      <span>{formatWindow(item.window)}</span>
      <span class={item.complete ? undefined : 'marked'}>{item.complete ? words.complete : words.incomplete}</span>
      {item.provisional && <span class="marked">{words.provisional}</span>}
      {silentSince !== null && <span class="marked">{words.silent(formatDay(silentSince))}</span>}
      {item.revised && <span class="marked">{words.revised}</span>}
      {item.recorded_at !== undefined && <span>{words.recorded(formatMinute(item.recorded_at))}</span>}
      {item.owner !== null && <span>{item.owner}</span>}
    </p>
  )
}
