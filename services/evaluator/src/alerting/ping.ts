/**
 * Tells a dead man's switch outside that alerts are being judged. Without Kafka nobody leads, and without a leader
 * nobody could tell: the switch is what speaks up then.
 */
const EVERY_MS = 60_000
const ANSWER_WITHIN_MS = 10_000

export interface Ping {
  /** @param well the alerts were judged just now, by a leader */
  tick(now: number, well: boolean): void
  stop(): void
}

export interface PingDeps {
  /** null: there is no such switch */
  readonly url: string | null
  readonly told: (fields: { outcome: 'answered' | 'failed'; reason: string }) => void
}

export function createPing({ url, told }: PingDeps): Ping {
  const stopping = new AbortController()
  let last = Number.NEGATIVE_INFINITY
  async function send(to: string): Promise<void> {
    try {
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)])
      const response = await fetch(to, { signal, redirect: 'follow' })
      await response.body?.cancel()
      if (response.ok) told({ outcome: 'answered', reason: '' })
      else told({ outcome: 'failed', reason: `status ${response.status}` })
    } catch (error) {
      if (stopping.signal.aborted) return
      // the address may hold a secret: only the cause is told
      const { message, cause } = error as Error & { cause?: { code?: string } }
      told({ outcome: 'failed', reason: cause?.code ?? message })
    }
  }
  return {
    tick(now, well) {
      if (url === null || !well) return
      if (now - last < EVERY_MS && now >= last) return
      last = now
      void send(url)
    },
    stop: () => stopping.abort(),
  }
}
