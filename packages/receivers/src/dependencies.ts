import type { ConnectionOptions } from 'node:tls'
import type { LogProducer } from '@kivi/domain'

/** What receivers stand on. */
export interface ReceiverDependencies {
  /** where secrets are looked up */
  readonly env: Readonly<Record<string, string | undefined>>
  /** in which people read times: the catalog's */
  readonly timezone: string
  /** wall clock, epoch ms */
  readonly now: () => number
  /** for receivers that are topics; asked at the first message */
  readonly producer: () => Promise<LogProducer>
  /** authorities beside the system's, for example */
  readonly tls?: ConnectionOptions
}
