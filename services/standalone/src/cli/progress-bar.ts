import type { Writable } from 'node:stream'

export interface ProgressBar extends Disposable {
  show(label: string, share: number): void
}

const WIDTH = 30
const LEAST_INTERVAL_MS = 100

/** One line that is written over; nothing at all where no person watches. */
export function progressBar(out: Writable & { readonly isTTY?: boolean }, now: () => number): ProgressBar {
  let last = Number.NEGATIVE_INFINITY
  let shown = false
  return {
    show(label, share) {
      if (out.isTTY !== true || (share < 1 && now() - last < LEAST_INTERVAL_MS)) return
      last = now()
      shown = true
      const full = Math.round(Math.max(0, Math.min(1, share)) * WIDTH)
      out.write(`\r\u001b[K${label} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${Math.floor(share * 100)} %`)
    },
    [Symbol.dispose]() {
      if (shown) out.write('\r\u001b[K')
    },
  }
}
