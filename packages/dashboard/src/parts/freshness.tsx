import { place } from '../format/place.ts'
import { formatMoment } from '../format/times.ts'
import { spoken, type Words } from '../settings/language.ts'
import './freshness.css'

const WORDS: Words<{ upTo: (time: string) => string; waiting: string; lost: string }> = {
  en: { upTo: time => `Counted up to ${time}`, waiting: 'Waiting for the first event', lost: 'No connection' },
  zh: { upTo: time => `已统计至 ${time}`, waiting: '等待第一个事件', lost: '连接中断' },
}

/** Up to when what is shown has been counted, and whether the connection lives. */
export function Freshness({ watermark, lost }: { watermark: string | null; lost: boolean }) {
  const words = spoken(WORDS)
  const state = lost ? 'lost' : watermark === null ? 'waiting' : 'live'
  const text =
    lost || watermark === null
      ? words[lost ? 'lost' : 'waiting']
      : words.upTo(`${formatMoment(watermark)} (${place.value.timezone})`)
  return (
    <p class="freshness" data-state={state}>
      {text}
    </p>
  )
}
