import type { Indicator } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadCatalog, loadCatalogFiles } from './load.ts'

const { files, indicators, entities } = (await loadCatalog(new URL('../../../catalog', import.meta.url).pathname))
  .catalog!
const versions = (texts: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...loadCatalogFiles(texts).catalog!.indicators].map(([id, { version }]) => [id, version]))
const before = new Map([...indicators].map(([id, { version }]) => [id, version]))

/** ids of the shipped catalog whose version another text of one file changes */
function changedBy(file: string, from: string | RegExp, to: string): string[] {
  const text = files.get(file)!
  const changed = text.replace(from, to)
  expect(changed, `${file} holds ${from}`).not.toBe(text)
  const after = versions(new Map(files).set(file, changed))
  return [...before].filter(([id, version]) => after.get(id) !== version).map(([id]) => id)
}

describe('versions of the shipped catalog', () => {
  it('are 12 hex digits of every indicator and entity', () => {
    for (const { version } of [...indicators.values(), ...entities.values()]) expect(version).toMatch(/^[0-9a-f]{12}$/)
  })

  it('are the same when the catalog is loaded again, under other names of files or as YAML of another shape', () => {
    const reshaped = [...files].map(([name, text]) => {
      if (!name.endsWith('.yaml')) return [name, text] as const
      if (name === 'kivi.yaml') return [name, stringify(parse(text))] as const
      return [`z-${name}`, stringify(parse(text), { defaultStringType: 'QUOTE_DOUBLE' })] as const
    })
    expect(Object.fromEntries(versions(new Map(reshaped)))).toEqual(Object.fromEntries(before))
  })

  it('change with what a value is made of, for that value and those made of it only', () => {
    expect(changedBy('voice.yaml', "survey == 'csat' && score >= 4", "survey == 'csat' && score >= 5").sort()).toEqual(
      [...indicators.values()]
        .filter(({ id }) => restsOn(id, 'csat_satisfied'))
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('do not change with words, targets and the board', () => {
    expect(changedBy('voice.yaml', 'en: Customer satisfaction,', 'en: Satisfaction of customers,')).toEqual([])
    expect(changedBy('voice.yaml', 'value: 0.9,', 'value: 0.8,')).toEqual([])
    expect(changedBy('kivi.yaml', /^ {2}- ctr\n/m, '')).toEqual([])
  })

  it('change, all of them, with the zone', () => {
    expect(changedBy('kivi.yaml', /timezone: .*/, 'timezone: Asia/Kathmandu').length).toBe(before.size)
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
