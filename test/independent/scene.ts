/** What tells a story: a clock that goes on by the story's gaps, and decisions by its numbers. */

import { HOUR, SECOND } from './calendar.ts'
import type { GivenEvent } from './history.ts'

/** The small numbers of a story. */
export interface Script {
  /** whose it is */
  readonly person: number
  /** between its events, ms */
  readonly gaps: readonly number[]
  /** what it decides by, one after the other */
  readonly picks: readonly number[]
}

/** One story being told: its clock, its decisions, its events. */
export class Scene {
  readonly events: GivenEvent[] = []
  readonly #script: Script
  readonly #index: number
  #now: number
  #gap = 0
  #pick = 0

  constructor(script: Script, index: number, at: number) {
    this.#script = script
    this.#index = index
    this.#now = at
  }

  get id(): string {
    return `${this.#index}`
  }

  /** goes on by the next gap */
  wait(): void {
    this.#now += this.#script.gaps[this.#gap++ % this.#script.gaps.length]!
  }

  /** goes on by the next gap as far as a visit may last */
  pause(): void {
    this.#now += this.#script.gaps[this.#gap++ % this.#script.gaps.length]! % (5 * HOUR)
  }

  /** goes on a little */
  soon(ms = SECOND): void {
    this.#now += ms
  }

  number(below: number): number {
    return this.#script.picks[this.#pick++ % this.#script.picks.length]! % below
  }

  /** 0, 1, … : as often as is decided now, at least and at most as said */
  upTo(least: number, most: number): number[] {
    return Array.from({ length: least + this.number(most - least + 1) }, (_, i) => i)
  }

  one<T>(...choices: readonly T[]): T {
    return choices[this.number(choices.length)]!
  }

  chance(percent: number): boolean {
    return this.number(100) < percent
  }

  /** known by user id, by anonymous id, or by both, which links them; now and then the link is someone else's, or nobody is known */
  who(): Record<string, string> {
    const { person } = this.#script
    const user = `u${person}`
    const anonymous = `a${person}`
    const way = this.number(21)
    if (way < 11) return { user_id: user }
    if (way < 16) return { anonymous_id: anonymous }
    if (way < 19) return { user_id: user, anonymous_id: anonymous }
    return way === 19 ? { user_id: user, anonymous_id: `a${person + 1}` } : {}
  }

  add(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const present = Object.entries(fields).filter(([, value]) => value !== undefined)
    this.events.push({
      event_id: `${this.id}-${this.events.length}`,
      event_type: type,
      event_time: new Date(this.#now).toISOString(),
      source: 'random',
      ...Object.fromEntries(present),
    })
  }
}
