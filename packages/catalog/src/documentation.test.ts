import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import * as planned from './definitions/planned.ts'
import { loadCatalog, loadCatalogFiles } from './load.ts'
import { formatProblem, PROBLEM_CODES } from './problems.ts'

const shipped = new URL('../../../catalog', import.meta.url).pathname
const page = await readFile(new URL('../../../docs/catalog.md', import.meta.url), 'utf8')

const blocks = [...page.matchAll(/^```(yaml|json)([^\n]*)\n(.*?)^```$/gms)].map(
  ([whole, language, words, text], index) => ({
    language,
    planned: words!.includes('planned'),
    file: /file=(\S+)/.exec(words!)?.[1] ?? `block-${index}.yaml`,
    text: text!,
    line: page.slice(0, page.indexOf(whole)).split('\n').length,
  }),
)

/** a block as a catalog of its own, with the shipped event types */
async function load(block: (typeof blocks)[number]) {
  const files = new Map([...(await loadCatalog(shipped)).catalog!.files].filter(([name]) => name.startsWith('events/')))
  files.set('kivi.yaml', 'timezone: UTC\ncurrency: EUR\n')
  // the settings of the page name indicators, which other blocks declare
  if (block.file === 'kivi.yaml')
    for (const other of blocks) if (other.file === 'indicators.yaml') files.set(other.file, other.text)
  const settings =
    block.planned && block.file === 'kivi.yaml' ? `timezone: UTC\ncurrency: EUR\n${block.text}` : block.text
  return loadCatalogFiles(files.set(block.file, settings))
}

describe('docs/catalog.md', () => {
  const understood = blocks.filter(block => !block.planned)
  it.each(understood)('has a block in line $line that is right ($file)', async block => {
    expect((await load(block)).problems?.map(formatProblem) ?? []).toEqual([])
  })

  const refused = blocks.filter(block => block.planned)
  it.each(refused)('has a planned block in line $line that is refused as such', async block => {
    const problems = (await load(block)).problems ?? []
    expect(problems.filter(p => p.code === 'planned').length).toBeGreaterThan(0)
    expect(problems.filter(p => p.code !== 'planned').map(formatProblem)).toEqual([])
  })

  it('shows every planned section, key and kind', async () => {
    const told = (await Promise.all(refused.map(load))).flatMap(loaded => loaded.problems ?? []).map(p => p.message)
    for (const names of Object.values(planned)) {
      for (const name of Object.keys(names))
        expect(
          told.filter(message => new RegExp(`(^|: )${name} of `).test(message)),
          name,
        ).not.toEqual([])
    }
  })

  it('lists exactly the codes that there are, in their words', () => {
    const table = page.slice(page.indexOf('<!-- problem codes -->'), page.indexOf('## Planned'))
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, code, text]) => [code, text])
    expect(Object.fromEntries(rows)).toEqual(PROBLEM_CODES)
  })

  it('names every indicator that the shipped catalog declares', async () => {
    const section = page.slice(page.indexOf('## The shipped catalog'), page.indexOf('## Problems'))
    const { catalog } = await loadCatalog(shipped)
    const declared = [...catalog!.files]
      .filter(([name]) => name.endsWith('.yaml'))
      .flatMap(([, text]) => [...(text.split(/^indicators:$/m)[1] ?? '').matchAll(/^ {2}(\w+):$/gm)].map(m => m[1]!))
    expect(declared.length).toBeGreaterThan(30)
    for (const id of declared) expect(section, id).toContain(`\`${id}\``)
    for (const [, id] of section.matchAll(/`([a-z_]+)`/g))
      expect([...catalog!.indicators.keys(), 'user_id', 'anonymous_id'], id!).toContain(id)
  })
})
