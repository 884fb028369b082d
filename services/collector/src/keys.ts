import type { Role } from '@kivi/domain'
import { type Keyring, keyRefusal } from '@kivi/service-kit'
import { Problem } from './problem.ts'

/** Throws a problem unless the header has a key with the role. */
export async function requireRole(
  keys: Pick<Keyring, 'present'>,
  authorization: string | undefined,
  needed: Role,
): Promise<void> {
  // nothing says whose events are: a key that is limited to a part cannot be held to it here
  const refusal = keyRefusal(await keys.present(authorization), needed, { limited: false })
  if (refusal !== null) throw new Problem(refusal.code, refusal.detail, { challenge: refusal.challenge })
}
