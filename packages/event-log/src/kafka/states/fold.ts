/** The state of a log: the last value of each key, up to a record that is known to be in it. */
import { KiviError, type RecordSet } from '@kivi/domain'
import type { Cluster } from '../kafkajs.ts'
import { readStates } from './reader.ts'

const WAIT_MS = 100

export interface FoldUpTo {
  /** the record that ends the fold has this header … */
  readonly header: string
  /** … with this value */
  readonly token: string
  /** may it still be worth it? */
  readonly goOn: () => boolean
}

/** @returns the state with that record in it, and the record's offset */
export async function fold(
  cluster: Cluster,
  topic: string,
  { header, token, goOn }: FoldUpTo,
): Promise<{ state: Map<string, string>; epoch: number }> {
  const state = new Map<string, string>()
  let epoch = -1
  const take = (set: RecordSet) => {
    for (let row = 0; row < set.count; row++) {
      // nobody but the next leader writes behind it
      if (epoch >= 0) return
      const key = text(set, set.keyStart[row]!, set.keyEnd[row]!)
      const value = text(set, set.valueStart[row]!, set.valueEnd[row]!)
      if (key === null) continue
      if (value === null) state.delete(key)
      else state.set(key, value)
      if (set.headers(row).some(([name, data]) => name === header && data && Buffer.from(data).toString() === token))
        epoch = set.offset[row]!
    }
  }
  // compaction never moves a log's first offset
  for (let at = 0; epoch < 0; ) {
    if (!goOn()) throw new KiviError('log_fenced', `${topic} went to another before its state was read.`)
    at = (await readStates(cluster, topic, at, WAIT_MS, take)).next
  }
  return { state, epoch }
}

const decoder = new TextDecoder()

/** A key or value of a set; null where the log has null. */
export const text = (set: RecordSet, start: number, end: number): string | null =>
  start < 0 ? null : decoder.decode(set.bytes.subarray(start, end))
