import { ALERTING } from './schemas/alerts.ts'
import { byId, object } from './schemas/basics.ts'
import { DIGESTS } from './schemas/digests.ts'
import { INDICATOR } from './schemas/indicators.ts'
import { MEASURE } from './schemas/measures.ts'
import { ATTRIBUTION, ENTITY, FUNNEL, REFERENCE, SEGMENTS } from './schemas/sections.ts'
import { SETTINGS } from './schemas/settings.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

/** JSON Schemas for editors by file of the catalog: what kivi check knows beyond names and expressions. */
export const JSON_SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'schema.json': {
    $schema: DIALECT,
    title: 'Definitions of a Kivi catalog',
    ...object({
      measures: byId(MEASURE, 'numbers that indicators are made of'),
      indicators: byId(INDICATOR, 'numbers with a meaning'),
      entities: byId(ENTITY, 'rows folded from the events of one key'),
      attributions: byId(ATTRIBUTION, 'which touches are credited with a conversion'),
      funnels: byId(FUNNEL, 'ordered steps of a person'),
      references: byId(REFERENCE, 'figures that no event carries'),
      segments: byId(SEGMENTS, 'persons by their value'),
    }),
  },
  'alerts.schema.json': { $schema: DIALECT, title: 'Alerts of a Kivi catalog', ...ALERTING },
  'digests.schema.json': { $schema: DIALECT, title: 'Digests of a Kivi catalog', ...DIGESTS },
  'kivi.schema.json': { $schema: DIALECT, title: 'Settings of a Kivi catalog', ...SETTINGS },
}

/** what a file of JSON_SCHEMAS holds */
export function schemaText(name: string): string {
  return `${JSON.stringify(JSON_SCHEMAS[name], null, 2)}\n`
}
