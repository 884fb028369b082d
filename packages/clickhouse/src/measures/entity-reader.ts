import type { Catalog, EntityMeasure, MeasureQuestion, SliceCell } from '@kivi/domain'
import type { Asked } from './asked.ts'
import { partsOf } from './cells.ts'
import { type ContributionRow, type EntityAsked, entityStatement } from './entity-statement.ts'
import type { BoundedRows } from './statement.ts'

export type EntityQuestion = Omit<MeasureQuestion, 'measures'> & { readonly measures: readonly EntityMeasure[] }

/** Answers questions about measures over entities: one statement for each entity (and instant up to which is known). */
export function createEntityReader(rows: BoundedRows) {
  return async function readEntities(
    catalog: Catalog,
    questions: readonly EntityQuestion[],
  ): Promise<ReadonlyArray<readonly SliceCell[]>> {
    const cells: SliceCell[][] = questions.map(() => [])
    await Promise.all(
      batches(catalog, questions).map(async batch => {
        const { sql, params } = entityStatement(catalog, batch)
        for (const row of await rows<ContributionRow>(sql, params)) {
          const asked = batch.measures[row.m] as Asked & { readonly question: number }
          cells[asked.question]!.push(cellOf(row, asked))
        }
      }),
    )
    return cells
  }
}

type AskedOf = Asked & { readonly question: number }
type Batch = EntityAsked & { readonly measures: readonly AskedOf[] }

/** What can be answered by one pass over one entity. */
function batches(catalog: Catalog, questions: readonly EntityQuestion[]): Batch[] {
  const found = new Map<string, Batch & { measures: AskedOf[] }>()
  questions.forEach(({ measures, ranges, by, filters, known, asOf }, question) => {
    for (const measure of ranges.length === 0 ? [] : measures) {
      const entity = catalog.entities.get(measure.entity)
      if (entity === undefined) throw new Error(`the catalog has no entity ${measure.entity}`)
      const key = JSON.stringify([entity.name, known, asOf])
      const batch = found.get(key) ?? { entity, known, asOf, measures: [] }
      batch.measures.push({ index: batch.measures.length, question, measure, ranges, by, filters })
      found.set(key, batch)
    }
  })
  return [...found.values()]
}

function cellOf(row: ContributionRow, { measure }: Asked): SliceCell {
  const parts = partsOf({
    count: Number(row.n),
    sum: BigInt(row.s),
    min: row.lo ?? Number.POSITIVE_INFINITY,
    max: row.hi ?? Number.NEGATIVE_INFINITY,
    distinct: Number(row.d),
    ...(measure.agg === 'quantile' ? { value: row.q ?? Number.NaN } : {}),
  })
  return { range: row.r, measure: measure.id, group: row.g, parts }
}
