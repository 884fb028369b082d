/** Rounds after which memory that was far too large throughout is given back. */
const PATIENCE = 256
/** Memory of which at most this share was ever used is far too large. */
const FAR = 1 / 8

/** Watches how much of a memory is used round by round: one large batch is often followed by another. */
export class Usage {
  #most = 0
  #rounds = 0

  /** What would have been enough, where the memory was far too large for long, else null. */
  after(used: number, capacity: number): number | null {
    if (used > this.#most) this.#most = used
    if (++this.#rounds < PATIENCE) return null
    const most = this.#most
    this.#most = 0
    this.#rounds = 0
    return most < capacity * FAR ? most : null
  }
}
