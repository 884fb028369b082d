import type { ComponentChildren } from 'preact'
import { type Deed, useBarred } from '../../api/access.ts'
import { refusalWord } from './refusal.tsx'

/** A control that sets something: there for who may use it. */
export function Offered({ deed, children }: { deed: Deed; children: ComponentChildren }) {
  return useBarred(deed) === null ? children : null
}

/** Why the controls of a part of the page are not there: nothing for who may use them, or where `told` has said so. */
export function WhyBarred({ deed, told }: { deed: Deed; told?: Deed }) {
  const barred = useBarred(deed)
  const before = useBarred(told ?? deed)
  if (barred == null || (told !== undefined && before !== null)) return null
  return (
    <p class="barred" data-barred={barred}>
      {refusalWord(barred)}
    </p>
  )
}
