import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '../load.ts'
import { indicatorPage } from './page.ts'

const page = fileURLToPath(new URL('../../../../docs/indicators.md', import.meta.url))
const { catalog } = await loadCatalog(fileURLToPath(new URL('../../../../catalog', import.meta.url)))
const text = indicatorPage(catalog!)

describe('docs/indicators.md', () => {
  it('says what the shipped catalog says (write it with npm run docs:indicators)', async () => {
    await expect(text).toMatchFileSnapshot(page)
  })

  it('has every indicator that is declared, with formula, events and source, in both languages', () => {
    const declared = [...catalog!.indicators.values()].filter(({ owner }) => owner !== null)
    const entries = new Map(
      text
        .split(/^### /m)
        .slice(1)
        .map(entry => [entry.split(':', 1)[0], entry]),
    )
    expect([...entries.keys()].sort()).toEqual(declared.map(({ id }) => id).sort())
    for (const [id, entry] of entries) {
      expect(entry, id).toMatch(/\| Formula · 公式 \| .+<br>.*\p{Script=Han}/u)
      expect(entry, id).toMatch(/\| Events · 所需事件 \| `/)
      expect(entry, id).toMatch(/\| Source · 定义来源 \| [^–]/)
      // no id of the catalog is left where a label should be
      expect(
        entry
          .split('| Formula · 公式 | ')[1]!
          .split('\n')[0]!
          .replaceAll(/`[^`]*`/g, ''),
        id,
      ).not.toMatch(/[a-z]+_[a-z]+/)
    }
  })

  it('links to places that are there', async () => {
    const written = await readFile(page, 'utf8')
    const anchors = new Set([
      ...[...written.matchAll(/<a id="(\w+)">/g)].map(match => match[1]!),
      ...[...written.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
          .replaceAll(' ', '-'),
      ),
    ])
    const links = [...written.matchAll(/\]\(#([^)]+)\)/g)].map(match => match[1]!)
    expect(links.length).toBeGreaterThan(200)
    expect(links.filter(link => !anchors.has(link))).toEqual([])
  })
})
