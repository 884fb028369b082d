import type { Answer } from '@kivi/client'

/** One digest of the list. */
export type Listed = Answer<'digests'>['items'][number]

/** A report of one period. */
export type Digest = Answer<'digest'>

export type DigestIndicator = Digest['indicators'][number]
