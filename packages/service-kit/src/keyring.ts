/** Keys as services meet them: the secret in a request to what is known of it. */
import { createHash, randomBytes } from 'node:crypto'
import { type ApiKey, type KeyStore, KiviError, type Role, type Scope } from '@kivi/domain'
import { withDeadline } from './lifecycle.ts'
import { event, namedEvents, type Telemetry } from './telemetry.ts'

const PREFIX = 'kivi_'
/** A key that was revoked is refused after at most so long. */
const MAX_AGE_MS = 1_000
/** Where ClickHouse does not answer, those who were let in stay in for so long: events must not be lost for that. */
const GRACE_MS = 60 * 60_000
/** A store that hangs must not hold up those who are known. */
const PATIENCE_MS = 2_000
const USED_EVERY_MS = 60 * 60_000

/**
 * SHA-256 in hex. A slow hash protects what people can remember from being guessed; of 256 random bits there is nothing
 * to guess, and each request would pay for the slowness.
 */
export const hashOfSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** A new key and its secret: 256 random bits, with a prefix by which scanners for leaked secrets find it. */
export function createKey(
  wanted: { readonly name: string; readonly roles: readonly Role[]; readonly scope: Scope | null },
  now: number,
): { secret: string; key: ApiKey } {
  const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`
  const hash = hashOfSecret(secret)
  return { secret, key: { id: hash.slice(0, 8), hash, ...wanted, createdAt: now, revokedAt: null, lastUsedAt: null } }
}

/** What a request says of who sends it. */
export type Presented =
  | { readonly kind: 'key'; readonly key: ApiKey }
  /** no Authorization header */
  | { readonly kind: 'none' }
  /** one that is not `Bearer` and a key of this Kivi, or a key that is revoked or was never made */
  | { readonly kind: 'unknown' }

export interface Keyring {
  /** @param authorization the header; throws store_unreachable where no key was ever read */
  present(authorization: string | undefined): Promise<Presented>
  /** whether the key with this hash still counts: what was opened with it ends where it does not */
  holds(hash: string): Promise<boolean>
}

export interface KeyringOptions {
  readonly store: Pick<KeyStore, 'keys' | 'used'>
  readonly telemetry: Telemetry
  /** epoch ms */
  readonly now?: () => number
}

/** Knows the keys as they were at most a second ago, with one reading however many ask. */
export function createKeyring({ store, telemetry, now = Date.now }: KeyringOptions): Keyring {
  const events = namedEvents(telemetry, {
    keys_unread: event<{ err: unknown }>({
      level: 'warn',
      message: 'The keys cannot be read; those last read hold on for up to an hour',
    }),
    use_unnoted: event<{ err: unknown; key: string }>({
      level: 'warn',
      message: ({ key }) => `That key ${key} was used could not be noted`,
    }),
  })
  let known: ReadonlyMap<string, ApiKey> | null = null
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  const noted = new Map<string, number>()

  const read = async (): Promise<void> => {
    const begun = now()
    triedAt = begun
    const keys = await store.keys()
    known = new Map(keys.filter(key => key.revokedAt === null).map(key => [key.hash, key]))
    readAt = begun
  }
  const refresh = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = null
    })
    return reading
  }
  const isYoung = (at: number, age: number): boolean => now() >= at && now() - at < age

  /** The keys that count now. */
  async function current(): Promise<ReadonlyMap<string, ApiKey>> {
    if (known !== null && isYoung(readAt, MAX_AGE_MS)) return known
    // of a store that failed a moment ago nothing is asked again for a second
    if (known === null || !isYoung(triedAt, MAX_AGE_MS) || reading !== null) {
      try {
        await (known === null ? refresh() : withDeadline(refresh(), PATIENCE_MS, `no answer within ${PATIENCE_MS} ms`))
      } catch (error) {
        if (known === null) throw error
        events.keys_unread({ err: error })
      }
    }
    if (known !== null && isYoung(readAt, GRACE_MS)) return known
    throw new KiviError('store_unreachable', 'The keys could not be read for an hour: ClickHouse does not answer.')
  }

  function note(key: ApiKey): void {
    const at = now()
    const last = Math.max(noted.get(key.hash) ?? 0, key.lastUsedAt ?? 0)
    if (at - last < USED_EVERY_MS) return
    noted.set(key.hash, at)
    store.used(key, at).catch((error: unknown) => events.use_unnoted({ err: error, key: key.id }))
  }

  return {
    async present(authorization) {
      if (authorization === undefined) return { kind: 'none' }
      const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
      // how long a look-up takes tells of the hash at most, from which no secret can be made
      const key = secret === undefined ? undefined : (await current()).get(hashOfSecret(secret))
      if (key === undefined) return { kind: 'unknown' }
      note(key)
      return { kind: 'key', key }
    },
    async holds(hash) {
      try {
        return (await current()).has(hash)
      } catch {
        // no keys were read for an hour
        return false
      }
    },
  }
}
