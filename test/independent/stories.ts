/**
 * Random histories as stories: a person looks around, buys, complains, subscribes. A story is a few small numbers, so
 * that a failing history shrinks to the stories that matter; `tell` makes events of them.
 */
import fc from 'fast-check'
import { type Calendar, calendarOf, DAY, HOUR, MINUTE, SECOND } from './calendar.ts'
import type { GivenEvent } from './history.ts'
import { Scene, type Script } from './scene.ts'
import { tellers } from './tellers.ts'

export interface Story extends Script {
  readonly kind: StoryKind
  /** which of the anchors it begins at, and how far from it, ms */
  readonly anchor: number
  readonly shift: number
}

export interface Span {
  readonly zone: string
  readonly from: number
  readonly to: number
}

/** Gaps at the bounds that indicators know: of sessions, of a day's follow-up, of attribution, of returns, of renewals. */
const GAPS = [
  ...[1, SECOND, 9 * SECOND, 10 * SECOND, 10 * SECOND + 1, 31 * SECOND],
  ...[MINUTE, 30 * MINUTE - 1, 30 * MINUTE, 30 * MINUTE + 1, HOUR, 5 * HOUR],
  ...[24 * HOUR - 1, 24 * HOUR, 24 * HOUR + 1, 3 * DAY, 7 * DAY - 1, 7 * DAY, 7 * DAY + 1, 8 * DAY],
  ...[14 * DAY - 1, 14 * DAY, 20 * DAY, 30 * DAY - 1, 30 * DAY, 30 * DAY + 1, 45 * DAY],
]
const SHIFTS = [0, 0, -1, 1, -SECOND, 90 * SECOND, 29 * MINUTE, 9 * HOUR, 13 * HOUR, 23 * HOUR]

type StoryKind = keyof typeof tellers
const KINDS = Object.keys(tellers) as StoryKind[]

export const storyArbitrary = (persons = 6): fc.Arbitrary<Story> =>
  fc.record({
    kind: fc.constantFrom(...KINDS),
    person: fc.nat(persons - 1),
    anchor: fc.nat(99_999),
    shift: fc.oneof(fc.constantFrom(...SHIFTS), fc.nat(DAY)),
    gaps: fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...GAPS) }, fc.integer({ min: 1, max: 3 * DAY })), {
      minLength: 6,
      maxLength: 6,
    }),
    picks: fc.array(fc.nat(99), { minLength: 24, maxLength: 24 }),
  })

/** Some stories of few persons, so that they meet. */
export const storiesArbitrary = (most = 60, persons = 6): fc.Arbitrary<Story[]> =>
  fc.array(storyArbitrary(persons), { minLength: 1, maxLength: most, size: 'max' })

/** As many stories as are asked for, the same ones for the same seed. */
export const seededStories = (seed: number, count: number, persons: number): Story[] =>
  fc.sample(fc.array(storyArbitrary(persons), { minLength: count, maxLength: count, size: 'max' }), {
    seed,
    numRuns: 1,
  })[0]!

/** The events of the stories within the span, by time. No two stories have an event at the same instant. */
export function tell(stories: readonly Story[], span: Span): GivenEvent[] {
  const anchors = anchorsOf(span)
  const taken = new Set<number>()
  const events = stories.flatMap((story, index) => {
    const anchor = anchors[story.anchor % anchors.length]!
    for (let later = 0; ; later++) {
      const told = new Scene(story, index, anchor + story.shift + later)
      tellers[story.kind](told)
      if (told.events.some(event => taken.has(Date.parse(event.event_time)))) continue
      for (const event of told.events) taken.add(Date.parse(event.event_time))
      return told.events
    }
  })
  return events
    .filter(event => Date.parse(event.event_time) >= span.from && Date.parse(event.event_time) < span.to)
    .sort((a, b) => Date.parse(a.event_time) - Date.parse(b.event_time))
}

const FLAGS = [{ properties: { traffic: 'bot' } }, { properties: { traffic: 'internal' } }, { source: 'test' }]

/** The events of the stories as bots, colleagues and tests would send them: of the same persons, orders and tickets. */
export const tellInvalid = (stories: readonly Story[], span: Span): GivenEvent[] =>
  tell(stories, span).map((event, index) => ({
    ...event,
    ...FLAGS[index % FLAGS.length],
    event_id: `invalid-${event.event_id}`,
  }))

/** Beginnings of the span's days, those of months and of days that are not 24 hours long several times. */
function anchorsOf({ zone, from, to }: Span): number[] {
  const calendar: Calendar = calendarOf(zone)
  const anchors: number[] = []
  for (let day = calendar.day(from); day <= calendar.day(to - 1); day++) {
    const start = calendar.start(day)
    anchors.push(start)
    const odd = calendar.start(day + 1) - start !== DAY
    if (odd || calendar.month(start) === start) anchors.push(...Array.from({ length: 8 }, () => start))
  }
  return anchors
}
