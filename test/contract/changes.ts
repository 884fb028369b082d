/** Lets any number of waiters know that something changed. */
export class Changes {
  #waiting: (() => void)[] = []

  notify(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  next(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }
}
