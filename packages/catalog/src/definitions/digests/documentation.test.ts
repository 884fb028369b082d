import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { JSON_SCHEMAS } from '../../json-schema.ts'
import { loadCatalogFiles } from '../../load.ts'
import { formatProblem } from '../../problems.ts'
import { pathsOf, usedIn } from '../../testing/schema-paths.ts'

const page = await readFile(new URL('../../../../../docs/digests.md', import.meta.url), 'utf8')
const shipped = new URL('../../../../../catalog/', import.meta.url)
const files = new Map<string, string>()
for (const folder of ['', 'events/'])
  for (const name of await readdir(new URL(folder, shipped)))
    if (/\.(yaml|avsc)$/.test(name)) files.set(folder + name, await readFile(new URL(folder + name, shipped), 'utf8'))

const RECEIVERS = `receivers:
  chat: { type: slack, url: { env: SLACK_URL } }
  mail: { type: email, host: smtp.example.com, from: kivi@example.com, to: [all@example.com] }
`
/** an indicator with what the page selects by */
const SELECTED = `indicators:
  grown: { label: Grown, type: ratio, numerator: clicks, denominator: impressions, owner: marketing, level: company, strategy: grow }
`
const blocks = [...page.matchAll(/^```yaml file=(\S+)\n(.*?)^```$/gms)].map(([, file, text]) => ({
  file: file as string,
  text: text as string,
}))
const schema = JSON_SCHEMAS['digests.schema.json'] as Readonly<Record<string, unknown>>

describe('docs/digests.md', () => {
  it.each(blocks)('has a block that is right: $file', ({ file, text }) => {
    const catalog = new Map(files)
      .set('alerts.receivers.yaml', RECEIVERS)
      .set('selected.yaml', SELECTED)
      .set(file, text)
    expect(loadCatalogFiles(catalog).problems?.map(formatProblem) ?? []).toEqual([])
  })

  it('shows every key that there is, and names it in its table', () => {
    const used = new Set<string>()
    for (const { text } of blocks) usedIn(schema, parse(text), used)
    expect(pathsOf(schema).filter(path => !used.has(path))).toEqual([])
    const keys = new Set(pathsOf(schema).map(path => path.split('.').at(-1)?.replace(/\W/g, '') ?? ''))
    const text = page.replaceAll(/^```.*?^```$/gms, '')
    const told = new Set(
      [...text.matchAll(/`[^`]+`/g)].flatMap(([code]) => [...code.matchAll(/\w+/g)].map(([word]) => word)),
    )
    expect([...keys].filter(key => key !== '' && key !== 'digests' && !told.has(key))).toEqual([])
  })
})
