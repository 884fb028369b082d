/** A catalog of the shop of tests as files, for processes. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesOf } from '../../integration/alerts/shop.ts'

/** @param alerts text of alerts.yaml; gives the directory */
export async function writeCatalog(directory: string, alerts: string): Promise<string> {
  const catalog = join(directory, 'catalog')
  await mkdir(catalog)
  await cp(join(import.meta.dirname, '../../../catalog/events'), join(catalog, 'events'), { recursive: true })
  for (const [name, text] of Object.entries(filesOf(alerts))) await writeFile(join(catalog, name), text)
  return catalog
}
