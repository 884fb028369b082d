import type { ReceiverKind, ReceiverSettings } from '@kivi/domain'
import type { ReceiverDependencies } from '../dependencies.ts'
import type { Secrets } from '../secrets.ts'

/** What makes a receiver of one kind. */
export interface KindArguments<K extends ReceiverKind> {
  readonly settings: Extract<ReceiverSettings, { readonly kind: K }>
  readonly secrets: Secrets
  readonly dependencies: ReceiverDependencies
}
