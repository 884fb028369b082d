import { KiviError } from '../errors.ts'

/**
 * What is written beside a committed offset. A plan says how far the batch that begins at that offset reaches and
 * what came out of it when it was folded, so that whoever gets the partition next writes exactly the same blocks.
 */
export interface Plan {
  /** position after the batch's last record */
  readonly to: number
  /** SHA-256 of the catalog that decided its outcomes and slices */
  readonly catalog: string
  readonly records: number
  /** 16 hex digits over (offset, stamp, outcome) of each record; null where the plan was found as a proof only */
  readonly digest: string | null
  /** schema ids that the registry answered not to know: a replay rejects the same */
  readonly unknownSchemas: readonly number[]
}

/** Metadata of a committed offset: the partition's lineage and, where a batch is under way, its plan. */
export interface Mark {
  readonly lineage: string
  readonly plan: Plan | null
}

/** A batch is cut before its plan would pin more unknown schema ids than this: the metadata stays below 1 KB. */
export const MOST_UNKNOWN_SCHEMAS = 50

const VERSION = 1

export function encodeMark({ lineage, plan }: Mark): string {
  if (plan === null) return JSON.stringify({ kivi: VERSION, l: lineage })
  const { to, catalog, records, digest, unknownSchemas } = plan
  return JSON.stringify({
    kivi: VERSION,
    l: lineage,
    to,
    c: catalog,
    n: records,
    d: digest,
    ...(unknownSchemas.length > 0 ? { u: unknownSchemas } : {}),
  })
}

/**
 * The mark in a commit's metadata; null where there is none, as after an operator's reset of offsets.
 * @throws KiviError plan_unreadable where it is something else: going on would risk counting a batch twice.
 */
export function decodeMark(metadata: string): Mark | null {
  if (metadata === '') return null
  let raw: unknown
  try {
    raw = JSON.parse(metadata)
  } catch (cause) {
    throw unreadable(metadata, 'it is not JSON', cause)
  }
  if (!isRecord(raw) || raw['kivi'] !== VERSION || typeof raw['l'] !== 'string')
    throw unreadable(metadata, `it is not a mark of version ${VERSION}`)
  if (raw['to'] === undefined) return { lineage: raw['l'], plan: null }
  const { l, to, c, n, d, u = [] } = raw
  if (!isPosition(to) || typeof c !== 'string' || !isPosition(n) || !(d === null || typeof d === 'string'))
    throw unreadable(metadata, 'a field of the plan is missing or has another type')
  if (!Array.isArray(u) || !u.every(Number.isInteger)) throw unreadable(metadata, 'its schema ids are not integers')
  return { lineage: l as string, plan: { to, catalog: c, records: n, digest: d, unknownSchemas: u as number[] } }
}

function unreadable(metadata: string, why: string, cause?: unknown): KiviError {
  return new KiviError(
    'plan_unreadable',
    `The consumer group's committed metadata ${JSON.stringify(metadata.slice(0, 200))} cannot be read: ${why}. ` +
      'Another program commits under this group id, or a newer Kivi wrote it. Give Kivi a group id of its own ' +
      '(KIVI_GROUP_ID), or start the version that wrote it.',
    cause === undefined ? undefined : { cause },
  )
}

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x)
const isPosition = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0
