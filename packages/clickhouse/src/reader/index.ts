export { levelPlan } from './level-plan.ts'
export { createSliceReader, type SliceReaderOptions } from './slice-reader.ts'
