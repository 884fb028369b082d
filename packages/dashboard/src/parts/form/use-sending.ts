import { useState } from 'preact/hooks'
import { ask, Refused } from '../../api/ask.ts'

export interface Sending {
  readonly isSending: boolean
  readonly refused: Refused | null
  /** resolves with the answer, or null where it was refused: `refused` says why */
  readonly send: <T>(method: 'PUT' | 'POST', path: string, body: unknown) => Promise<T | null>
  /** runs what asks by itself, and keeps a refusal */
  readonly run: <T>(work: () => Promise<T>) => Promise<T | null>
}

/** Sends what was entered. What is shown afterwards is what the service answered, never what was hoped for. */
export function useSending(): Sending {
  const [isSending, setSending] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const run = async <T>(work: () => Promise<T>): Promise<T | null> => {
    setSending(true)
    setRefused(null)
    try {
      return await work()
    } catch (error) {
      setRefused(error instanceof Refused ? error : new Refused('unexpected', 0, String(error)))
      return null
    } finally {
      setSending(false)
    }
  }
  return { isSending, refused, run, send: (method, path, body) => run(() => ask(path, { method, body })) }
}
