/** From which stored slices a range of time is read: as few rows as possible, each instant exactly once. */
import type { TimeRange } from '../ranges.ts'
import { LEVEL, QUARTER_HOUR, TEN_SECONDS } from '../slices.ts'
import { ceilTo, floorTo, type Zone } from './zones.ts'

/** How long slices of each level are kept, ms; Infinity: forever. */
export interface Retention {
  readonly tenSeconds: number
  readonly quarterHour: number
  readonly day: number
}

export interface LevelRange extends TimeRange {
  readonly level: 1 | 2 | 3
}

/** The nearest bounds that can be answered: before the one asked for (null: none is kept) and after it. */
export interface AllowedBounds {
  readonly before: number | null
  readonly after: number
}

export type LevelPlan =
  | { readonly ok: true; readonly ranges: readonly LevelRange[] }
  | { readonly ok: false; readonly bound: 'from' | 'to'; readonly at: number; readonly allowed: AllowedBounds }

interface Level {
  readonly level: 1 | 2 | 3
  /** start of the slice that holds the instant, and of the next one */
  readonly floor: (instant: number) => number
  readonly ceil: (instant: number) => number
  /** the first instant whose slice is surely still stored */
  readonly since: number
}

/** No slice is older: what `forever` reaches back to. */
const ANCIENT = Date.UTC(1900, 0, 1)

/**
 * Splits [from, to) into ranges of whole slices, coarsest possible first, in order of time; neighbours of one level
 * are one range. A slice counts as stored while its start is within the retention before `now`.
 * Where a bound lies inside the finest slice that is still stored there, the answer names the bound and the
 * nearest ones that can be answered.
 */
export function planLevels(from: number, to: number, zone: Zone, retention: Retention, now: number): LevelPlan {
  const levels = levelsOf(zone, retention, now)
  const ranges: LevelRange[] = []
  let at = from
  while (at < to) {
    const piece = nextPiece(at, to, levels)
    if (piece === null) return refuse(at, from, to, levels)
    const last = ranges.at(-1)
    if (last?.level === piece.level) ranges[ranges.length - 1] = { ...last, to: piece.to }
    else ranges.push(piece)
    at = piece.to
  }
  return { ok: true, ranges }
}

/** Coarsest first. */
function levelsOf(zone: Zone, retention: Retention, now: number): Level[] {
  const fixed = (level: 1 | 2, length: number, kept: number): Level => ({
    level,
    floor: instant => floorTo(instant, length),
    ceil: instant => ceilTo(instant, length),
    since: Math.max(now - kept, ANCIENT),
  })
  const day: Level = {
    level: LEVEL.day,
    floor: instant => zone.day(instant).start,
    ceil: instant => (zone.day(instant).start === instant ? instant : zone.day(instant).end),
    since: Math.max(now - retention.day, ANCIENT),
  }
  return [
    day,
    fixed(LEVEL.quarterHour, QUARTER_HOUR, retention.quarterHour),
    fixed(LEVEL.tenSeconds, TEN_SECONDS, retention.tenSeconds),
  ]
}

/** The longest run of slices from `at` of the coarsest level that has one there, up to where a coarser one could go on. */
function nextPiece(at: number, to: number, levels: readonly Level[]): LevelRange | null {
  let coarser: Level | null = null
  for (const level of levels) {
    if (at >= level.since && level.floor(at) === at) {
      const end = level.floor(to)
      const next = coarser === null ? end : nextStart(coarser, at)
      const until = Math.min(end, next)
      if (until > at) return { level: level.level, from: at, to: until }
    }
    coarser = level
  }
  return null
}

/** The first start of a slice after the instant. */
function nextStart(level: Level, instant: number): number {
  return level.ceil(instant + 1)
}

function refuse(at: number, from: number, to: number, levels: readonly Level[]): LevelPlan {
  // storage only gets finer with time, so a plan that began can only break off before a `to` it cannot meet
  const began = at !== from || levels.some(level => at >= level.since && level.floor(at) === at)
  if (!began) return { ok: false, bound: 'from', at: from, allowed: allowedFrom(from, levels) }
  return { ok: false, bound: 'to', at: to, allowed: allowedTo(to, levels) }
}

/** A range can begin where a stored slice begins. */
function allowedFrom(asked: number, levels: readonly Level[]): AllowedBounds {
  const before = levels.filter(level => level.floor(asked) >= level.since).map(level => level.floor(asked))
  const after = levels.map(level => level.ceil(Math.max(asked, level.since)))
  return nearest(before, after)
}

/**
 * A range can end where a slice begins, if all slices from the next coarser start to there are stored, and the range
 * could end at that coarser start as well.
 */
function allowedTo(asked: number, levels: readonly Level[]): AllowedBounds {
  const before: number[] = []
  const after: number[] = []
  let since = Number.NEGATIVE_INFINITY
  levels.forEach((level, k) => {
    const coarser = levels[k - 1] ?? level
    since = Math.max(since, coarser.ceil(level.since))
    if (level.floor(asked) >= since) before.push(level.floor(asked))
    after.push(level.ceil(Math.max(asked, since)))
  })
  return nearest(before, after)
}

function nearest(before: readonly number[], after: readonly number[]): AllowedBounds {
  return { before: before.length === 0 ? null : Math.max(...before), after: Math.min(...after) }
}
