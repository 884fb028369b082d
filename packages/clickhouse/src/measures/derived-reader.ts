import type { Catalog, DerivedMeasure, MeasureQuestion, SliceCell } from '@kivi/domain'

/** A question of which every measure is of a kind that the reader answers. */
export interface DerivedQuestion<Kind extends DerivedMeasure['kind'] = DerivedMeasure['kind']>
  extends Omit<MeasureQuestion, 'measures'> {
  readonly measures: ReadonlyArray<Extract<DerivedMeasure, { kind: Kind }>>
}

/**
 * Answers questions about derived measures of some kinds: a part of the MeasureSource, which divides questions among
 * readers and puts their cells together. What has nothing is absent from the cells.
 */
export interface DerivedReader<Kind extends DerivedMeasure['kind'] = DerivedMeasure['kind']> {
  read(catalog: Catalog, question: DerivedQuestion<Kind>): Promise<readonly SliceCell[]>
}
