import type { Retention } from '../retention.ts'
import { apiKeys } from './access-tables.ts'
import { acknowledgements, alertHistory, silences } from './alert-tables.ts'
import { audit } from './audit-table.ts'
import {
  actions,
  derivedBuilds,
  derivedState,
  northStarSet,
  points,
  referencesPosted,
  targetsSet,
} from './derived-tables.ts'
import { createTable, type Target } from './table.ts'
import { catalogs, events, imports, installation, ledger, partitions, slices } from './tables.ts'

/**
 * A step from one version of the schema to the next. ClickHouse has no lock by which one of several starters could
 * go alone, so every statement must be harmless when it is carried out twice or by two at a time (IF NOT EXISTS).
 * What was shipped is never changed: a later migration alters it.
 */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly statements: (target: Target, retention: Retention) => readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'tables',
    statements: (target, retention) =>
      [slices(retention), events(retention), ledger(), partitions(), catalogs(), installation()].flatMap(table =>
        createTable(target, table),
      ),
  },
  {
    version: 2,
    name: 'imports',
    statements: target => createTable(target, imports()),
  },
  {
    version: 3,
    name: 'derived',
    statements: target =>
      [derivedBuilds(), derivedState(), points(), referencesPosted(), targetsSet(), northStarSet(), actions()].flatMap(
        table => createTable(target, table),
      ),
  },
  {
    version: 4,
    name: 'access',
    statements: target => createTable(target, apiKeys()),
  },
  {
    version: 5,
    name: 'alerts',
    statements: target => [silences(), acknowledgements(), alertHistory()].flatMap(table => createTable(target, table)),
  },
  {
    version: 6,
    name: 'audit',
    statements: target => createTable(target, audit()),
  },
]
