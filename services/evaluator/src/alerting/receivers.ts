/** The receivers of the catalog in force, each made when it is first needed. */
import { KiviError, type Receiver, type ReceiverSettings } from '@kivi/domain'

export interface Receivers {
  /** the receiver; or, in a sentence, why there is none */
  for(settings: ReceiverSettings): Receiver | string
}

export interface ReceiversDeps {
  readonly create: (settings: ReceiverSettings) => Receiver
  readonly unusable: (fields: { receiver: string; reason: string }) => void
}

export function createReceivers({ create, unusable }: ReceiversDeps): Receivers {
  const made = new Map<string, { readonly settings: string; readonly receiver: Receiver | string }>()
  return {
    for(settings) {
      const text = JSON.stringify(settings)
      const known = made.get(settings.name)
      if (known?.settings === text) return known.receiver
      const receiver = attempt(settings)
      if (typeof receiver === 'string') unusable({ receiver: settings.name, reason: receiver })
      made.set(settings.name, { settings: text, receiver })
      return receiver
    },
  }

  function attempt(settings: ReceiverSettings): Receiver | string {
    try {
      return create(settings)
    } catch (error) {
      if (error instanceof KiviError) return error.message
      throw error
    }
  }
}
