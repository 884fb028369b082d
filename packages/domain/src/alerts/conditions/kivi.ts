/** Kivi about itself, by the wall clock: without the pipeline there is no event time. */
import type { Observation } from '../evaluate/observation.ts'
import type { AlertRule } from '../types/rules.ts'

/** What an evaluator knows of Kivi without asking an indicator. */
export interface KiviReading {
  /** the last that is known, from whenever ClickHouse last answered; null: nothing ever came */
  readonly watermark: number | null
  /** what is wrong with ClickHouse; null: it answers */
  readonly problem: string | null
  /** records of the rule's window, and how many of them were set aside; null: not known */
  readonly records: { readonly all: number; readonly setAside: number } | null
  /** every receiver, and since when each attempt to reach it has failed */
  readonly receivers: ReadonlyArray<{ readonly name: string; readonly failingSince: number | null }>
}

export function observeKivi(
  { condition, minimumVolume }: AlertRule,
  reading: KiviReading,
  instant: number,
): Observation[] {
  switch (condition.kind) {
    case 'stalled': {
      const behind = reading.watermark === null ? null : Math.max(0, instant - reading.watermark)
      const seconds = behind === null ? null : behind / 1000
      const holds = behind === null ? null : behind > condition.behindMs
      return [one([], holds, seconds, 0, { behind: seconds })]
    }
    case 'dead_letters': {
      const { records } = reading
      if (records === null || records.all === 0) return [one([], null, null, 0, {})]
      const share = records.setAside / records.all
      const lowVolume = minimumVolume !== null && records.all < minimumVolume
      const observation = one([], lowVolume ? null : share > condition.share, share, records.all, { share })
      return [{ ...observation, lowVolume }]
    }
    case 'undelivered':
      return reading.receivers.map(({ name, failingSince }) => {
        const failing = failingSince === null ? 0 : Math.max(0, instant - failingSince)
        return one([name], failingSince !== null && failing >= condition.forMs, failing / 1000, 0, {})
      })
    default:
      throw new Error(`a condition ${condition.kind} is not about Kivi itself`)
  }
}

const one = (
  group: readonly string[],
  holds: boolean | null,
  value: number | null,
  n: number,
  compared: Readonly<Record<string, number | null>>,
): Observation => ({ group, fires: holds, stays: holds, lowVolume: false, seen: { value, target: null, n, compared } })
