import { type EventColumns, OUTCOME, type PlainRecord } from '@kivi/domain'

/** Columns of decoded records, without fields: what the judge looks at. */
export function columnsOf(records: readonly PlainRecord[]): EventColumns {
  const n = records.length
  const high = (hash: bigint) => Number(BigInt.asIntN(32, hash >> 32n))
  const low = (hash: bigint) => Number(BigInt.asIntN(32, hash))
  return {
    count: n,
    offset: Float64Array.from(records, (_, k) => k),
    stamp: Float64Array.from(records, record => record.stamp),
    outcome: Uint8Array.from(records, record => (record.event === null ? OUTCOME.rejected : OUTCOME.pending)),
    rejections: new Map(),
    eventTime: Float64Array.from(records, record => record.event?.time ?? Number.NaN),
    type: new Int32Array(n),
    idHigh: Int32Array.from(records, record => high(record.event?.id ?? 7n)),
    idLow: Int32Array.from(records, record => low(record.event?.id ?? 7n)),
    personHigh: new Int32Array(n),
    personLow: new Int32Array(n),
    strings: [],
    numbers: [],
    hashedHigh: [],
    hashedLow: [],
  }
}
