import type { JourneySource } from '@kivi/domain'
import type { ClickHouse } from '../client.ts'
import { entityTableName, linksTableName } from '../derived/names.ts'
import { progressOfTables } from '../measures/derived-progress.ts'
import { boundedRows, type QuestionLimits } from '../measures/statement.ts'
import { readChurnTopics } from './churn.ts'
import { readCohorts } from './cohorts.ts'
import { readFunnel } from './funnels.ts'
import { readSegments } from './value-segments.ts'

export interface JourneySourceOptions extends QuestionLimits {
  readonly clickhouse: Pick<ClickHouse, 'rows'>
}

/** Analyses of persons' journeys from derived tables and raw events, one statement each. */
export function createJourneySource(options: JourneySourceOptions): JourneySource {
  const deps = { rows: boundedRows(options.clickhouse, options) }
  return {
    funnel: (catalog, question) => readFunnel(deps, catalog, question),
    cohorts: (catalog, question) => readCohorts(deps, catalog, question),
    segments: (catalog, question) => readSegments(deps, catalog, question),
    churnTopics: (catalog, question) => readChurnTopics(deps, catalog, question),
    progress(catalog, entities) {
      const links = linksTableName(catalog)
      const tables = entities.flatMap(name => catalog.entities.get(name) ?? []).map(entityTableName)
      return progressOfTables(options.clickhouse, links === null ? tables : [...tables, links])
    },
  }
}
