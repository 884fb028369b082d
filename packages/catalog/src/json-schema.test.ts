import { readdir, readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { INDICATOR_KEYS } from './definitions/indicators.ts'
import { MEASURE_KEYS } from './definitions/measures.ts'
import { SETTINGS_KEYS } from './definitions/settings.ts'
import { TARGET_KEYS } from './definitions/targets.ts'
import { JSON_SCHEMAS, schemaText } from './json-schema.ts'

const shipped = new URL('../../../catalog/', import.meta.url).pathname
const files = (await readdir(shipped)).filter(name => name.endsWith('.yaml'))
const schemaOf = (file: string): string => (file === 'kivi.yaml' ? 'kivi.schema.json' : 'schema.json')
const definitions = JSON_SCHEMAS['schema.json'] as never as Record<
  string,
  Record<string, Record<string, Record<string, Record<string, Record<string, unknown>>>>>
>
const keysOf = (section: string): Record<string, unknown> =>
  definitions['properties']![section]!['additionalProperties']!['properties']!

describe('the JSON Schemas for editors', () => {
  it.each(Object.keys(JSON_SCHEMAS))(
    'lie beside the catalog as the code has them: %s (write them with --update)',
    async name => {
      await expect(schemaText(name)).toMatchFileSnapshot(`${shipped}${name}`)
    },
  )

  it('know exactly the keys that the loader knows', () => {
    expect(Object.keys(keysOf('measures')).sort()).toEqual([...MEASURE_KEYS.known].sort())
    expect(Object.keys(keysOf('indicators')).sort()).toEqual([...INDICATOR_KEYS.known].sort())
    const target = (keysOf('indicators')['targets'] as { items: { properties: object } }).items.properties
    expect(Object.keys(target).sort()).toEqual([...TARGET_KEYS.known].sort())
    expect(Object.keys(JSON_SCHEMAS['kivi.schema.json']!['properties'] as object).sort()).toEqual(
      [...SETTINGS_KEYS.known].sort(),
    )
  })

  it.each(files)('accept the shipped %s, which names its schema for editors', async file => {
    const content = await readFile(shipped + file, 'utf8')
    const validate = new Ajv2020().compile(JSON_SCHEMAS[schemaOf(file)]!)
    validate(parse(content))
    expect(validate.errors).toBeNull()
    expect(content.split('\n', 1)[0]).toBe(`# yaml-language-server: $schema=./${schemaOf(file)}`)
  })

  it('refuse an unknown key', () => {
    const validate = new Ajv2020().compile(JSON_SCHEMAS['schema.json']!)
    expect(validate({ measures: { a: { event: 'click', agg: 'count', filters: 'true' } } })).toBe(false)
  })
})
