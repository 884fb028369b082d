export { moveDays, moveYears } from './calendar.ts'
export { formatWindow, type ParsedDuration, parseWindow } from './durations.ts'
export { type AllowedBounds, type LevelPlan, type LevelRange, planLevels, type Retention } from './levels.ts'
export {
  type Calendar,
  createCalendar,
  PERIODS,
  type Period,
  periodAfter,
  periodAt,
  periodsBetween,
  previousPeriod,
} from './periods.ts'
export { hoppingWindows, rollingWindow, tumblingWindow } from './windows.ts'
export { ceilTo, createZone, DAY, floorTo, type LocalDay, monthOf, type Zone } from './zones.ts'
