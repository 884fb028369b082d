import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { INDICATOR_TYPES, keysOfType } from './definitions/formulas/keys.ts'
import { KEYS_OF_KIND, MEASURE_KINDS } from './definitions/measure-kinds.ts'
import * as planned from './definitions/planned.ts'
import { JSON_SCHEMAS as ALL_SCHEMAS } from './json-schema.ts'
import { loadCatalogFiles } from './load.ts'
import { formatProblem, PROBLEM_CODES } from './problems.ts'
import { pathsOf, usedIn } from './testing/schema-paths.ts'

/** alerts and digests have pages of their own */
const OTHERS = ['alerts.schema.json', 'digests.schema.json']
const JSON_SCHEMAS = Object.fromEntries(Object.entries(ALL_SCHEMAS).filter(([name]) => !OTHERS.includes(name)))
const shipped = new URL('../../../catalog/', import.meta.url)
const page = await readFile(new URL('../../../docs/catalog.md', import.meta.url), 'utf8')
const eventFiles = new Map<string, string>(
  await Promise.all(
    (await readdir(new URL('events/', shipped)))
      .filter(name => name.endsWith('.avsc'))
      .map(async name => [`events/${name}`, await readFile(new URL(`events/${name}`, shipped), 'utf8')] as const),
  ),
)

/** what a block of kivi.yaml has to say beside its own keys, and what other blocks rely on */
const NEEDED = 'timezone: UTC\ncurrency: EUR\n'
const SETTINGS = `${NEEDED}identity: { link: [identify] }
active: { events: [page_view, purchase] }
invalid_traffic: { bot: properties.traffic == 'bot', internal: properties.traffic == 'internal' }
`

const blocks = [...page.matchAll(/^```(yaml|json|csv)([^\n]*)\n(.*?)^```$/gms)].map(
  ([whole, language, words, text], index) => ({
    language: language!,
    planned: words!.includes('planned'),
    file: /file=(\S+)/.exec(words!)?.[1] ?? `block-${index}.yaml`,
    with: (/with=(\S+)/.exec(words!)?.[1] ?? '').split(',').filter(name => name !== ''),
    text: text!,
    line: page.slice(0, page.indexOf(whole)).split('\n').length,
  }),
)

/** a block as a catalog of its own, with the shipped event types and the blocks that it says it goes with */
function load(block: (typeof blocks)[number]) {
  const files = new Map(eventFiles)
  files.set('kivi.yaml', SETTINGS)
  // the settings of the page name indicators, which another block declares
  const others = block.file === 'kivi.yaml' ? ['indicators.yaml'] : block.with
  for (const name of others) {
    const other = blocks.find(({ file, planned }) => file === name && !planned)
    if (other === undefined) throw new Error(`line ${block.line} goes with ${name}, which the page does not show`)
    files.set(name, other.text)
  }
  const settings = block.planned && block.file === 'kivi.yaml' ? `${NEEDED}${block.text}` : block.text
  return loadCatalogFiles(files.set(block.file, settings))
}

describe('docs/catalog.md', () => {
  const understood = blocks.filter(block => !block.planned)
  it.each(understood)('has a block in line $line that is right ($file)', block => {
    expect(load(block).problems?.map(formatProblem) ?? []).toEqual([])
  })

  const examples = understood.filter(({ language }) => language === 'yaml')
  it.each(Object.keys(JSON_SCHEMAS))('shows every key that %s knows in a block that is right', name => {
    const used = new Set<string>()
    for (const { file, text } of examples)
      if ((file === 'kivi.yaml') === (name === 'kivi.schema.json')) usedIn(JSON_SCHEMAS[name]!, parse(text), used)
    const paths = pathsOf(JSON_SCHEMAS[name]!)
    expect(paths.length).toBeGreaterThan(10)
    expect(paths.filter(path => !used.has(path))).toEqual([])
  })

  it('shows every type of indicator with every key of its own, and every kind of measure', () => {
    const definitions = examples.map(({ text }) => parse(text))
    const of = (section: string): Record<string, unknown>[] =>
      definitions.flatMap(({ [section]: all }) => Object.values(all ?? {}) as Record<string, unknown>[])
    for (const type of INDICATOR_TYPES) {
      const shown = of('indicators').filter(indicator => indicator['type'] === type)
      const keys = new Set(shown.flatMap(indicator => Object.keys(indicator)))
      expect(
        keysOfType(type).filter(key => !keys.has(key)),
        type,
      ).toEqual([])
    }
    for (const kind of MEASURE_KINDS) {
      const keys = new Set(
        of('measures')
          .filter(measure => kind in measure)
          .flatMap(measure => Object.keys(measure)),
      )
      const shared = ['label', 'description', 'better']
      expect(
        KEYS_OF_KIND[kind].known.filter(key => !keys.has(key) && !shared.includes(key)),
        kind,
      ).toEqual([])
    }
  })

  it('names every key in its text or a table too', () => {
    const paths = Object.values(JSON_SCHEMAS).flatMap(schema => pathsOf(schema))
    const keys = new Set(paths.map(path => path.split('.').at(-1)!.replace(/\W/g, '')).filter(key => key !== ''))
    const prose = page.replace(/^```.*?^```$/gms, '')
    expect([...keys].filter(key => !new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(prose))).toEqual([])
  })

  const refused = blocks.filter(block => block.planned)
  it.each(refused)('has a planned block in line $line that is refused as such', block => {
    const problems = load(block).problems ?? []
    expect(problems.filter(p => p.code === 'planned').length).toBeGreaterThan(0)
    expect(problems.filter(p => p.code !== 'planned').map(formatProblem)).toEqual([])
  })

  it('shows every planned section, key and kind', () => {
    const told = refused.flatMap(block => load(block).problems ?? []).map(p => p.message)
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

  it('has no link within the page that leads nowhere', () => {
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    )
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
    expect(links.filter(link => !anchors.includes(link!))).toEqual([])
  })
})
