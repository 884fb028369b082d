/** A scenario file with the catalog that it is played under. */
import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { formatProblem, loadCatalog, loadCatalogFiles } from '@kivi/catalog'
import { type Catalog, KiviError } from '@kivi/domain'
import { isMap, parseDocument } from 'yaml'
import { readScenarios } from './read-file.ts'
import type { ScenarioFile } from './scenario.ts'
import { ScenarioSource } from './yaml-source.ts'

export interface LoadedFile extends ScenarioFile {
  readonly catalog: Catalog
}

/** Throws usage where the file cannot be read or is wrong, catalog_invalid where its catalog is. */
export async function loadScenarioFile(file: string, defaultCatalog: string): Promise<LoadedFile> {
  const source = new ScenarioSource(file, await textOf(file))
  const root = isMap(source.root) ? source.root : null
  const named = root?.get('catalog')
  const directory = typeof named === 'string' ? resolve(dirname(file), named) : defaultCatalog
  const settings = (root?.toJS(source.document) as { settings?: Record<string, unknown> } | undefined)?.settings ?? {}
  const catalog = await catalogWith(directory, settings)
  return { ...readScenarios(source, catalog), catalog }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new KiviError('usage', `${file} cannot be read: ${(error as Error).message}.`, { cause: error })
  }
}

/** The catalog, with some keys of its kivi.yaml as the scenarios need them. */
async function catalogWith(directory: string, settings: Readonly<Record<string, unknown>>): Promise<Catalog> {
  let loaded = await loadCatalog(directory)
  if (loaded.catalog !== undefined && Object.keys(settings).length > 0) {
    const files = new Map(loaded.catalog.files)
    const own = parseDocument(files.get('kivi.yaml') ?? '')
    for (const [key, value] of Object.entries(settings)) own.set(key, value)
    loaded = loadCatalogFiles(files.set('kivi.yaml', own.toString()))
  }
  if (loaded.catalog !== undefined) return loaded.catalog
  const where = relative(process.cwd(), directory) || '.'
  throw new KiviError(
    'catalog_invalid',
    `The catalog in ${where} has errors:\n${(loaded.problems ?? []).map(formatProblem).join('\n')}`,
  )
}
