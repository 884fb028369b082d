/** Makes the reports that are due, one at a time and beside the steps: a ClickHouse that hangs holds up no answer. */
import {
  type DigestAnswer,
  type DigestDefinition,
  type DigestSource,
  fittingDigest,
  type WantedDigest,
} from '@kivi/domain'
import type { DigestEvents } from './events.ts'

export interface DigestMaker {
  /** these are due, and no others; each is made until its data are complete */
  want(wanted: readonly WantedDigest[]): void
  /** the report of a period as it was made last; null: it is not made yet */
  made(digest: string, period: string): DigestAnswer | null
}

export interface DigestMakerDeps {
  readonly source: DigestSource
  /** a report was made, or could not be */
  readonly done: () => void
  readonly tell: Pick<DigestEvents, 'made' | 'notMade'>
}

interface Entry {
  readonly definition: DigestDefinition
  readonly wanted: WantedDigest
  answer: DigestAnswer | null
  failures: number
  /** not made again before; performance.now() */
  notBefore: number
}

/** Data that are not complete are looked at again after so long. */
const AGAIN_MS = 30_000
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 60_000

export function createDigestMaker({ source, done, tell }: DigestMakerDeps): DigestMaker {
  let entries = new Map<string, Entry>()
  let busy = false

  async function make(entry: Entry): Promise<void> {
    const { definition, period } = entry.wanted
    const named = { digest: definition.id, period: period.name }
    const begun = performance.now()
    try {
      const answer = fittingDigest(await source.make(definition, period))
      entry.answer = answer
      entry.failures = 0
      entry.notBefore = performance.now() + AGAIN_MS
      tell.made({ ...named, complete: answer.complete, seconds: (performance.now() - begun) / 1000 })
    } catch (error) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, entry.failures++))
      entry.notBefore = performance.now() + pauseMs
      tell.notMade({ ...named, error, pauseMs })
    }
  }

  return {
    want(wanted) {
      entries = new Map(
        wanted.map(one => {
          const { definition, period } = one
          const known = entries.get(definition.id)
          const same = known?.definition === definition && known.wanted.period.name === period.name
          return [definition.id, same ? known : { definition, wanted: one, answer: null, failures: 0, notBefore: 0 }]
        }),
      )
      if (busy) return
      const at = performance.now()
      const next = [...entries.values()].find(({ answer, notBefore }) => answer?.complete !== true && notBefore <= at)
      if (next === undefined) return
      busy = true
      void make(next).finally(() => {
        busy = false
        done()
      })
    },
    made(digest, period) {
      const entry = entries.get(digest)
      return entry?.wanted.period.name === period ? entry.answer : null
    },
  }
}
