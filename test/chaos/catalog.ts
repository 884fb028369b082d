import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** A catalog of its own, so that the shipped one may change: the shipped event types, four measures. */
export async function writeChaosCatalog(directory: string): Promise<string> {
  const catalog = join(directory, 'catalog')
  await mkdir(catalog, { recursive: true })
  await cp(join(root, 'catalog/events'), join(catalog, 'events'), { recursive: true })
  await cp(join(root, 'catalog/kivi.yaml'), join(catalog, 'kivi.yaml'))
  const settings = 'timezone: Asia/Kathmandu\ncurrency: EUR\nfiscal_year_start: 01-01\n'
  await writeFile(join(catalog, 'kivi.yaml'), settings)
  await writeFile(
    join(catalog, 'measures.yaml'),
    `measures:
  impressions: { event: impression, agg: count, dimensions: [campaign] }
  clicks: { event: click, agg: count, dimensions: [campaign] }
  order_lines: { event: purchase, agg: count, dimensions: [campaign] }
  revenue: { event: purchase, agg: sum, expr: amount, unit: money, dimensions: [campaign] }
  customers: { event: purchase, agg: count_distinct, distinct: person, dimensions: [campaign] }
`,
  )
  return catalog
}
