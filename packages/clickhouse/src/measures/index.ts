export { partsOf, unitsSql } from './cells.ts'
export type { DerivedQuestion, DerivedReader } from './derived-reader.ts'
export { createMeasureSource, type MeasureSourceOptions } from './measure-source.ts'
export { eventPerson, type Resolve, resolvePersons } from './persons.ts'
export { layersOf, rangesHolding, span } from './ranges.ts'
export { entityRows, fieldOf, type RowsWanted, scalarSql } from './rows.ts'
export {
  type Bind,
  type BoundedRows,
  boundedRows,
  createParameters,
  type Parameters,
  type QuestionLimits,
} from './statement.ts'
