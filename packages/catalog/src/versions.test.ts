import type { Indicator } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadCatalog, loadCatalogFiles } from './load.ts'

const { files, indicators, entities } = (await loadCatalog(new URL('../../../catalog', import.meta.url).pathname))
  .catalog!
const versions = (texts: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...loadCatalogFiles(texts).catalog!.indicators].map(([id, { version }]) => [id, version]))
const before = new Map([...indicators].map(([id, { version }]) => [id, version]))

type Definition = Record<string, unknown>

/** ids whose version changes when a definition of the shipped catalog is edited, in whichever file it is */
function changedBy(section: string, id: string, edit: (definition: Definition) => void): string[] {
  const [file, document] = [...files]
    .filter(([name]) => name.endsWith('.yaml'))
    .map(([name, text]) => [name, parse(text)] as const)
    .find(([, document]) => document?.[section]?.[id] !== undefined)!
  edit(document[section][id])
  const after = versions(new Map(files).set(file, stringify(document)))
  return [...before].filter(([id, version]) => after.get(id) !== version).map(([id]) => id)
}

/** the same of a key of kivi.yaml */
function changedBySetting(key: string, value: unknown): string[] {
  const settings = { ...parse(files.get('kivi.yaml')!), [key]: value }
  const after = versions(new Map(files).set('kivi.yaml', stringify(settings)))
  return [...before].filter(([id, version]) => after.get(id) !== version).map(([id]) => id)
}

describe('versions of the shipped catalog', () => {
  it('are 12 hex digits of every indicator and entity', () => {
    for (const { version } of [...indicators.values(), ...entities.values()]) expect(version).toMatch(/^[0-9a-f]{12}$/)
  })

  it('are the same when the catalog is loaded again, under other names of files or as YAML of another shape', () => {
    const reshaped = [...files].map(([name, text]) => {
      if (!name.endsWith('.yaml')) return [name, text] as const
      if (['kivi.yaml', 'alerts.yaml', 'digests.yaml'].includes(name)) return [name, stringify(parse(text))] as const
      return [`z-${name}`, stringify(parse(text), { defaultStringType: 'QUOTE_DOUBLE' })] as const
    })
    expect(Object.fromEntries(versions(new Map(reshaped)))).toEqual(Object.fromEntries(before))
  })

  it('change with what a value is made of, for that value and those made of it only', () => {
    const changed = changedBy('measures', 'csat_satisfied', measure => {
      measure['filter'] = "survey == 'csat' && score >= 5"
    })
    const expected = [...indicators.keys()].filter(id => restsOn(id, 'csat_satisfied'))
    expect(expected).toContain('csat')
    expect(changed.sort()).toEqual(expected.sort())
  })

  it('do not change with words, targets and the board', () => {
    const edit = (indicator: Definition): void => {
      Object.assign(indicator, { label: 'Other words', owner: 'nobody', targets: [], benchmarks: [], source: 'other' })
    }
    expect(changedBy('indicators', 'csat', edit)).toEqual([])
    expect(changedBySetting('board', [])).toEqual([])
  })

  it('change, all of them, with the zone', () => {
    expect(changedBySetting('timezone', 'Asia/Kathmandu').length).toBe(before.size)
  })
})

/** whether the one is made of the other, however indirectly */
function restsOn(id: string, other: string): boolean {
  const indicator = indicators.get(id)!
  return id === other || madeOf(indicator).some(name => name !== id && restsOn(name, other))
}

function madeOf(indicator: Indicator): readonly string[] {
  switch (indicator.type) {
    case 'simple':
      return [indicator.measure]
    case 'ratio':
      return [indicator.numerator, indicator.denominator]
    case 'derived': {
      const named = indicator.inputs.map(name => indicator.offsets.get(name)?.of ?? name)
      return named.filter(name => indicators.has(name))
    }
    case 'correlation':
      return [indicator.x, indicator.y]
    default:
      return [indicator.of]
  }
}
