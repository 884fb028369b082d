import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { JSON_SCHEMAS } from '../../json-schema.ts'
import { loadCatalog, loadCatalogFiles } from '../../load.ts'
import { formatProblem } from '../../problems.ts'
import { pathsOf, usedIn } from '../../testing/schema-paths.ts'

const page = await readFile(new URL('../../../../../docs/alerts.md', import.meta.url), 'utf8')
const shipped = new URL('../../../../../catalog/', import.meta.url)
const catalogFiles = new Map<string, string>()
for (const folder of ['', 'events/'])
  for (const name of await readdir(new URL(folder, shipped)))
    if (/\.(yaml|avsc)$/.test(name) && name !== 'alerts.yaml')
      catalogFiles.set(folder + name, await readFile(new URL(folder + name, shipped), 'utf8'))

const blocks = [...page.matchAll(/^```(yaml|csv) file=(\S+)([^\n]*)\n(.*?)^```$/gms)].map(
  ([, language, file, words, text]) => ({
    language: language as string,
    name: file as string,
    file: /as=(\S+)/.exec(words as string)?.[1] ?? (file as string),
    with: (/with=(\S+)/.exec(words as string)?.[1] ?? '').split(',').filter(name => name !== ''),
    text: text as string,
  }),
)

function load(block: (typeof blocks)[number]) {
  const files = new Map(catalogFiles)
  files.set('calendars/worked.csv', '2026-10-17\n')
  for (const other of blocks)
    if (other === block || block.with.includes(other.name) || other.language === 'csv')
      files.set(other.file, other.text)
  return loadCatalogFiles(files)
}

describe('docs/alerts.md', () => {
  it.each(blocks.filter(({ language }) => language === 'yaml'))('has a block that is right: $name', block => {
    expect(load(block).problems?.map(formatProblem) ?? []).toEqual([])
  })

  it('shows every key that there is', () => {
    const schema = JSON_SCHEMAS['alerts.schema.json'] as Readonly<Record<string, unknown>>
    const used = new Set<string>()
    for (const { language, text } of blocks) if (language === 'yaml') usedIn(schema, parse(text), used)
    // routes within routes are what the outermost one is, but for what only they have
    const within = blocks.flatMap(({ text, name }) =>
      name === 'routes.yaml' ? (parse(text).route.routes as object[]) : [],
    )
    for (const key of within.flatMap(route => Object.keys(route))) used.add(`route.${key}`)
    for (const route of within) usedIn(schema, { route }, used)
    // a secret has one of two keys, each of which is shown somewhere
    const either = (path: string) => [path.replace(/\.env$/, '.file'), path.replace(/\.file$/, '.env')]
    expect(pathsOf(schema).filter(path => !used.has(path) && !either(path).some(one => used.has(one)))).toEqual([])
    expect([...used]).toEqual(expect.arrayContaining(['receivers.*.password.env', 'receivers.*.password.file']))
  })

  it('names every key in its text or a table too', () => {
    const keys = new Set(
      pathsOf(JSON_SCHEMAS['alerts.schema.json'] as Readonly<Record<string, unknown>>)
        .map(path => path.split('.').at(-1)?.replace(/\W/g, '') ?? '')
        .filter(key => key !== ''),
    )
    const prose = page.replace(/^```.*?^```$/gms, '')
    const isNamed = (key: string) => new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(prose)
    // the name of a section is its heading
    const sections = ['alerts', 'receivers', 'time_intervals', 'inhibit', 'from', 'until', 'en', 'zh']
    expect([...keys].filter(key => !isNamed(key) && !sections.includes(key))).toEqual([])
  })

  it('lists exactly the shipped rules, with their severity', async () => {
    const { catalog, problems } = await loadCatalog(shipped.pathname)
    expect(problems ?? []).toEqual([])
    const table = page.slice(page.indexOf('## The shipped rules'), page.indexOf('## Testing rules'))
    const rows = [...table.matchAll(/^\| `(\w+)` \| .* \| (\w+) \|$/gm)].map(([, alert, severity]) => [alert, severity])
    expect(rows).toEqual([...(catalog?.alerting.rules.values() ?? [])].map(({ id, severity }) => [id, severity]))
  })
})

describe('the shipped rules', () => {
  it('say in both languages what happened and what to do', async () => {
    const { catalog } = await loadCatalog(shipped.pathname)
    const rules = [...(catalog?.alerting.rules.values() ?? [])]
    expect(rules.length).toBeGreaterThan(5)
    for (const { id, annotations } of rules)
      for (const name of ['summary', 'description']) {
        expect(annotations[name]?.en, `${id} ${name}`).toMatch(/[.!]$/)
        expect(annotations[name]?.zh, `${id} ${name}`).toMatch(/\p{Script=Han}.*。$/u)
      }
  })
})
