export { createMeasureSource, type MeasureSourceOptions } from './measure-source.ts'
export { type BoundedRows, boundedRows, type QuestionLimits } from './statement.ts'
