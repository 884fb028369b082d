import { isUtf8 } from 'node:buffer'
import { createDecoder, type DeadLetter, type SchemaRegistry } from '@kivi/decoding'
import { type Catalog, createHasher, type EventLog, KiviError } from '@kivi/domain'
import { readLetters } from './letters.ts'

/** Bytes as text where they are one, else as hexadecimal digits. */
export type Shown = { readonly text: string } | { readonly hex: string } | null

export interface ShownLetter {
  readonly id: string
  readonly reason: string
  readonly stage: string
  readonly detail: string
  /** the original's timestamp, RFC 3339; null where it had none */
  readonly stamp: string | null
  readonly key: Shown
  readonly headers: ReadonlyArray<{ readonly name: string; readonly value: Shown }>
  readonly value: Shown
  readonly bytes: number
  /** what it is to the catalog of today */
  readonly today:
    | { readonly event: unknown }
    | { readonly reason: string; readonly detail: string }
    | { readonly problem: string }
}

/** Throws usage where the topic has no such letter. */
export async function showDeadLetter(options: {
  readonly log: EventLog
  readonly topic: string
  readonly id: string
  readonly catalog: Catalog
  readonly registry: SchemaRegistry
  readonly signal: AbortSignal
}): Promise<ShownLetter> {
  let found: DeadLetter | null = null
  await readLetters(options.log, options.topic, options.signal, ({ letter }) => {
    if (letter.id === options.id) found = letter
  })
  const letter = found as DeadLetter | null
  if (letter === null)
    throw new KiviError(
      'usage',
      `${options.topic} has no dead letter ${options.id}. kivi dead-letters list shows those that it has.`,
    )
  const { id, reason, stage, detail, stamp, original } = letter
  const value = bytesOf(original.value)
  return {
    id,
    reason,
    stage,
    detail,
    stamp: stamp < 0 ? null : new Date(stamp).toISOString(),
    key: shown(bytesOf(original.key)),
    headers: (original.headers ?? []).map(([name, header]) => ({ name, value: shown(bytesOf(header)) })),
    value: shown(value),
    bytes: value?.length ?? 0,
    today: await decodeToday(value, options),
  }
}

async function decodeToday(
  value: Uint8Array | null,
  { catalog, registry }: { readonly catalog: Catalog; readonly registry: SchemaRegistry },
): Promise<ShownLetter['today']> {
  // hashes are not shown, so any seed will do
  const decoder = createDecoder({ catalog, registry, hasher: createHasher(0n) })
  const id = value !== null && value.length >= 5 && value[0] === 0 ? Buffer.from(value).readInt32BE(1) : -1
  let unknown: readonly number[] = []
  try {
    if (id >= 0) unknown = await registry.resolve([id])
  } catch (error) {
    return { problem: (error as Error).message }
  }
  const decoded = decoder.event(value, new Set(unknown))
  if ('rejection' in decoded) return { reason: decoded.rejection.reason, detail: decoded.rejection.detail }
  const { event } = decoded
  return { event: Object.fromEntries(Object.entries(event).filter(([, field]) => field !== null && field !== '')) }
}

const bytesOf = (part: string | Uint8Array | null): Uint8Array | null =>
  typeof part === 'string' ? Buffer.from(part) : part

function shown(bytes: Uint8Array | null): Shown {
  if (bytes === null) return null
  // control characters could move the cursor of a terminal; line ends and tabs are text
  const text = isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  return text === null || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text)
    ? { hex: Buffer.from(bytes).toString('hex') }
    : { text }
}
