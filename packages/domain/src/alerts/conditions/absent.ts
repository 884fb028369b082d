/** A group that had events and has none: nobody would see a zero that is not there. */
import { lengthWindow, type Window } from '../../indicators/window.ts'
import type { Observation } from '../evaluate/observation.ts'
import type { Condition } from '../types/rules.ts'
import { type Reading, type Subject, settled } from './reading.ts'

type AbsentCondition = Extract<Condition, { readonly kind: 'absent' }>

/** The window, and the time before it in which there should have been something. */
export function windowsOfAbsent({ sinceMs }: AbsentCondition, { rule }: Subject, instant: number): Window[] {
  const from = instant - rule.windowMs
  return [lengthWindow(from, instant), settled(lengthWindow(from - sinceMs, from), instant)]
}

export function observeAbsent(
  _: AbsentCondition,
  { rule }: Subject,
  reading: Reading,
  group: readonly string[],
): Observation {
  const [now, before] = [reading.at(0, group), reading.at(1, group)]
  const seen = { value: now.value, target: null, n: now.n, compared: { before: before.n } }
  if (now.n > 0) return { group, fires: false, stays: false, lowVolume: false, seen }
  // what never came, or has not for long, is not missing
  const missed = before.n > 0
  const lowVolume = rule.minimumVolume !== null && before.n < rule.minimumVolume
  if (!missed || lowVolume) return { group, fires: null, stays: null, lowVolume, seen }
  return { group, fires: true, stays: true, lowVolume: false, seen }
}
