/** Copies what the log tells into ClickHouse, where it can be asked for long afterwards; again at will. */
import { type AlertHistoryStore, isKiviError, type PlacedFact, readRecord, type StateLog } from '@kivi/domain'

export interface HistoryDeps {
  readonly log: Pick<StateLog, 'read'>
  readonly history: Pick<AlertHistoryStore, 'write' | 'position'>
}

/** A pass copies some records and tells whether there are more. */
export function createHistoryCopy({ log, history }: HistoryDeps): (signal: AbortSignal) => Promise<boolean> {
  let at: number | null = null
  return async function copyHistory(signal) {
    const from = at ?? (await history.position())
    const { records, next, end } = await read(log, from)
    signal.throwIfAborted()
    const facts = records.flatMap(({ offset, value }): PlacedFact[] =>
      value === null ? [] : readRecord(value).facts.map((fact, index) => ({ offset, index, fact })),
    )
    if (facts.length > 0) await history.write(facts)
    at = next
    return !end
  }
}

/** A topic that was made anew begins at 0. */
async function read(log: Pick<StateLog, 'read'>, from: number): ReturnType<StateLog['read']> {
  try {
    return await log.read(from)
  } catch (error) {
    if (isKiviError(error, 'position_outside_log') && from > 0) return log.read(0)
    throw error
  }
}
