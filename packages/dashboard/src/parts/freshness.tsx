import type { Connection } from '../api/use-board.ts'
import { place } from '../format/place.ts'
import { formatMoment } from '../format/times.ts'
import { spoken, type Words } from '../settings/language.ts'
import './freshness.css'

interface FreshnessWords {
  readonly upTo: (time: string) => string
  readonly waiting: string
  readonly connection: Readonly<Record<Connection, string>>
  readonly lost: string
}

const WORDS: Words<FreshnessWords> = {
  en: {
    upTo: time => `Counted up to ${time}`,
    waiting: 'Waiting for the first event',
    connection: {
      live: 'Changes are shown as they happen',
      polling: 'Changes are asked for every few seconds',
      lost: 'No connection; the page tries again by itself',
    },
    lost: 'No connection',
  },
  zh: {
    upTo: time => `已统计至 ${time}`,
    waiting: '等待第一个事件',
    connection: { live: '变化即时显示', polling: '每隔几秒查询一次变化', lost: '连接中断,页面会自动重试' },
    lost: '连接中断',
  },
}

/** Up to when what is shown has been counted, and whether the connection lives. */
export function Freshness({
  watermark,
  lost,
  connection = lost ? 'lost' : 'polling',
}: {
  watermark: string | null
  lost: boolean
  connection?: Connection
}) {
  const words = spoken(WORDS)
  const state = lost ? 'lost' : watermark === null ? 'waiting' : connection
  const text =
    lost || watermark === null
      ? words[lost ? 'lost' : 'waiting']
      : words.upTo(`${formatMoment(watermark)} (${place.value.timezone})`)
  return (
    <p class="freshness" data-state={state} title={words.connection[connection]}>
      {text}
    </p>
  )
}
