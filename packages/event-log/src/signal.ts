/** Wakes whoever waits: a notification that comes before the wait is kept, several are one. */
export class Signal {
  #raised = false
  #resolve: (() => void) | undefined

  notify(): void {
    if (this.#resolve === undefined) this.#raised = true
    else {
      const resolve = this.#resolve
      this.#resolve = undefined
      resolve()
    }
  }

  /** Resolves at the next notification, or after `ms`. One waiter at a time. */
  wait(ms?: number): Promise<void> {
    if (this.#raised) {
      this.#raised = false
      return Promise.resolve()
    }
    return new Promise(resolve => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.notify(), ms)
      this.#resolve = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

export const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
