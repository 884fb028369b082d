import type { Candidate, Leadership, StateLog } from '@kivi/domain'
import { Changes } from './changes.ts'

interface Term {
  readonly leadership: Leadership
  /** as it was when the term began */
  readonly state: ReadonlyMap<string, string>
  ended: string | null
}

/** A candidate that remembers its terms, with ways to wait for them. */
export class Contender {
  readonly name: string
  readonly terms: Term[] = []
  readonly errors: Error[] = []
  candidate!: Candidate
  readonly #changed = new Changes()

  private constructor(name: string) {
    this.name = name
  }

  static async open(
    states: StateLog,
    name: string,
    options: {
      readonly sessionTimeoutMs?: number
      readonly leaving?: (leadership: Leadership) => Promise<void>
    } = {},
  ): Promise<Contender> {
    const contender = new Contender(name)
    const { sessionTimeoutMs, leaving } = options
    contender.candidate = await states.contend({
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
      takeOver: () => ({ key: 'leader', value: name }),
      handler: {
        leading: (leadership, state) => {
          contender.terms.push({ leadership, state: new Map(state), ended: null })
          contender.#changed.notify()
        },
        ...(leaving ? { leaving } : {}),
        ended: (leadership, reason) => {
          const term = contender.terms.find(each => each.leadership === leadership)
          if (term === undefined || term.ended !== null) contender.errors.push(new Error('a term ended twice'))
          else term.ended = reason
          contender.#changed.notify()
        },
        failed: error => {
          contender.errors.push(error)
          contender.#changed.notify()
        },
      },
    })
    return contender
  }

  /** The term that began last. */
  get term(): Term {
    return this.terms.at(-1)!
  }

  get leadership(): Leadership {
    return this.term.leadership
  }

  /** Resolves when its n-th term (from 1) has begun. */
  async leads(n = 1): Promise<Leadership> {
    await this.until(() => this.terms.length >= n)
    return this.terms[n - 1]!.leadership
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.errors[0]) throw this.errors[0]
      await this.#changed.next()
    }
  }
}
