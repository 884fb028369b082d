/** How long each kind of row is kept, in ms; Infinity: forever. */
export interface Retention {
  readonly tenSeconds: number
  readonly quarterHour: number
  readonly day: number
  /** 0: raw events are not stored at all */
  readonly raw: number
}

const DAY = 86_400_000

export const DEFAULT_RETENTION: Retention = {
  tenSeconds: 7 * DAY,
  quarterHour: Number.POSITIVE_INFINITY,
  day: Number.POSITIVE_INFINITY,
  raw: 400 * DAY,
}

/**
 * For how long proof rows and the hashes of accepted ids are kept. A worker that stands still for longer, with a
 * batch half written, would write that batch again; docs/storage.md says so.
 */
export const STANDSTILL_SECONDS = 30 * 86_400

/**
 * Rows go two days after their retention, counted from the beginning of their UTC day. An answer that promises the
 * last seven days by the slice must find all slices of each local day of them: a local day ends at most one day
 * after the UTC day in which it began.
 */
const MARGIN = 2 * DAY

const expiry = (instant: string, retention: number) =>
  `toStartOfDay(${instant}) + toIntervalSecond(${Math.ceil((retention + MARGIN) / 1000)})`

/** The TTL of `slices`, a rule per level. A proof row keeps in `late` when it was written (see proofs.ts). */
export function slicesTtl(retention: Retention): string {
  const levels = [
    { level: 1, kept: retention.tenSeconds },
    { level: 2, kept: retention.quarterHour },
    { level: 3, kept: retention.day },
  ]
  const proofs = `toDateTime(toUInt32(late), 'UTC') + toIntervalSecond(${STANDSTILL_SECONDS}) DELETE WHERE level = 0`
  const rules = levels
    .filter(({ kept }) => Number.isFinite(kept))
    .map(({ level, kept }) => `${expiry('start', kept)} DELETE WHERE level = ${level}`)
  return [proofs, ...rules].join(', ')
}

/** The TTL of `events`; null: none. */
export function eventsTtl(retention: Retention): string | null {
  return Number.isFinite(retention.raw) ? expiry("toDateTime(event_time, 'UTC')", retention.raw) : null
}
