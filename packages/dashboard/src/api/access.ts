import type { Answer } from '@kivi/client'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { accessKey } from '../settings/key.ts'
import { ask } from './ask.ts'

/** What a page can set. */
export type Deed = 'silence' | 'target' | 'action' | 'northStar'
/** The code with which Kivi would refuse it. */
export type Barred = 'key_lacks_role' | 'out_of_scope'

type Access = Answer<'access'>

/** Of the key that is in use; `access` is null where Kivi did not say: then all is offered, and Kivi may refuse it. */
const known = signal<{ readonly key: string; readonly access: Access | null } | null>(null)
let asked: string | null = null

/**
 * Why the reader may not do something: it is not offered then. Null: they may. Undefined: that is not known yet, and
 * nothing is offered for the moment that it takes, since it may have to be taken back.
 */
export function useBarred(deed: Deed): Barred | null | undefined {
  const key = accessKey.value
  useEffect(() => {
    if (key === null || asked === key) return
    asked = key
    const learn = (access: Access | null) => {
      if (asked === key) known.value = { key, access }
    }
    ask<Access>('/v1/access').then(learn, () => learn(null))
  }, [key])
  // without a key a Kivi that needs none lets everybody, and any other asks for one
  if (key === null) return null
  if (known.value?.key !== key) return undefined
  return known.value.access === null ? null : barredBy(known.value.access, deed)
}

function barredBy({ roles, scope }: Access, deed: Deed): Barred | null {
  if (!roles.includes('steer')) return 'key_lacks_role'
  if (scope === null || deed === 'silence') return null
  // what leads is for everybody; targets and actions hold for every segment
  return deed === 'northStar' || Object.keys(scope.dimensions).length > 0 ? 'out_of_scope' : null
}
