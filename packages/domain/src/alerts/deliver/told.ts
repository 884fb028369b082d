/**
 * Who is to be told what of an instance. By receiver the number of the last transition that it was told: odd, it
 * believes that the alert fires; even, that it does not.
 */

import { isActive } from '../evaluate/rule.ts'
import type { AlertInstance, Told } from '../types/records.ts'
import type { Episode } from './inhibit.ts'

/** Adds receivers that are to hear of it from now on. What it told to others stays as it is. */
export function assign(instance: AlertInstance, receivers: Iterable<string>): AlertInstance {
  // a receiver that is new to a firing hears of this firing; the first ones of an instance hear of all of it
  const first = instance.transitions[0]?.number ?? instance.decided + 1
  const isNew = Object.keys(instance.told).length === 0
  if (!isNew && !isActive(instance)) return instance
  const number = isNew ? first - 1 : instance.decided - 1
  const added: Record<string, Told> = {}
  for (const receiver of receivers) if (instance.told[receiver] === undefined) added[receiver] = { number, at: null }
  return Object.keys(added).length === 0 ? instance : { ...instance, told: { ...instance.told, ...added } }
}

export const believesFiring = ({ number }: Told): boolean => number % 2 === 1

/** The next firing that a receiver has not been told of; null: there is none. */
function nextEpisode(instance: AlertInstance, told: Told): Episode | null {
  const number = told.number + (believesFiring(told) ? 2 : 1)
  const firing = instance.transitions.find(transition => transition.number === number)
  if (firing === undefined) return null
  const resolved = instance.transitions.find(transition => transition.number === number + 1)
  return { startsAt: firing.startsAt, endsAt: resolved?.instant ?? null }
}

/**
 * Passes over firings that began and ended while nobody was to be told. The end of one that was told is never passed
 * over.
 */
export function passOver(
  instance: AlertInstance,
  receiver: string,
  isMuted: (episode: Episode) => boolean,
): AlertInstance {
  let told = instance.told[receiver]
  if (told === undefined || believesFiring(told)) return instance
  const before = told
  for (;;) {
    const episode = nextEpisode(instance, told)
    if (episode === null || episode.endsAt === null || !isMuted(episode)) break
    told = { number: told.number + 2, at: null }
  }
  return told === before ? instance : withTold(instance, receiver, told)
}

/**
 * The transitions to be told now, [first, last]; null: none. Where the next firing is muted, only the end of the one
 * before it.
 */
export function tellable(
  instance: AlertInstance,
  told: Told,
  isMuted: (episode: Episode) => boolean,
): readonly [number, number] | null {
  if (told.number >= instance.decided) return null
  const episode = nextEpisode(instance, told)
  const last = episode !== null && isMuted(episode) ? told.number + (believesFiring(told) ? 1 : 0) : instance.decided
  return last > told.number ? [told.number + 1, last] : null
}

const withTold = (instance: AlertInstance, receiver: string, told: Told): AlertInstance => ({
  ...instance,
  told: { ...instance.told, [receiver]: told },
})

/** Without transitions that everybody has been told of, but for the last one. */
export function prune(instance: AlertInstance): AlertInstance {
  const least = Math.min(instance.decided, ...Object.values(instance.told).map(({ number }) => number))
  // a firing goes with its end: the end alone would not say when it began being told
  const kept = instance.transitions.filter(({ number }) => number > least || number === instance.decided)
  return kept.length === instance.transitions.length ? instance : { ...instance, transitions: kept }
}
