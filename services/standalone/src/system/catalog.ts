import { formatProblem, loadCatalog } from '@kivi/catalog'
import { type Catalog, KiviError } from '@kivi/domain'
import type { Config } from '@kivi/service-kit'

/** The catalog of the configuration. Throws catalog_invalid with a line per problem. */
export async function requireCatalog(config: Config): Promise<Catalog> {
  const loaded = await loadCatalog(config.catalog.directory)
  if (loaded.problems === undefined) return loaded.catalog
  const lines = loaded.problems.map(formatProblem).join('\n')
  throw new KiviError('catalog_invalid', `The catalog ${config.catalog.directory} has errors:\n${lines}`)
}
