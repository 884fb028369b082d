export { clusteredMeasures, clusteredWidths, type HalfWidths } from './clustered.ts'
export { isSumOfSums } from './decimals.ts'
export { canBeNegative, measureOf, measuresBehind, measuresOf, restsOnDerived, restsOnOtherGroups } from './graph.ts'
export type { PartValue } from './measures.ts'
export { cumulativeWindow, offsetWindow, previousWindow } from './offsets.ts'
export { INTERVAL_REASONS, type IntervalReason, REASONS, type Reason } from './reasons.ts'
export {
  type Asked,
  type Basis,
  type Evaluated,
  type Evaluation,
  evaluateAll,
  readSheet,
  type Sheet,
  watermarkOf,
} from './sheet.ts'
export { type Judgement, judge, judgeIn, STATUSES, type Status, targetFor, targetIn } from './targets.ts'
export { type Trend, trendOf } from './trend.ts'
export { isStored, lengthWindow, type Moment, rangeWindow, type Span, storedRange, type Window } from './window.ts'
