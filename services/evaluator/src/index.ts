export { type Evaluator, type EvaluatorOptions, startEvaluator } from './app.ts'
export { type BackfillOptions, type BackfillReport, backfillPoints } from './backfill.ts'
export { type DeriveAllOptions, deriveAll } from './derive-all.ts'
export { type BackfilledMeasure, type BackfillSlicesOptions, backfillSlices } from './slices/backfill-slices.ts'
