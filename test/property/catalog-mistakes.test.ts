import { readdir, readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { formatProblem, loadCatalogFiles } from '../../packages/catalog/src/index.ts'
import { JSON_SCHEMAS } from '../../packages/catalog/src/json-schema.ts'

const shipped = new URL('../../catalog/', import.meta.url)
const files = new Map<string, string>()
for (const folder of ['', 'events/'])
  for (const name of await readdir(new URL(folder, shipped)))
    if (/\.(yaml|avsc)$/.test(name))
      files.set(`${folder}${name}`, await readFile(new URL(`${folder}${name}`, shipped), 'utf8'))
const documents = new Map(
  [...files].filter(([name]) => name.endsWith('.yaml')).map(([name, text]) => [name, parse(text)] as const),
)

const RUNS = Number(process.env['KIVI_FUZZ_RUNS'] ?? 60)

type Path = readonly (string | number)[]

/** paths of everything in a document, its root left out */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const keys: (string | number)[] = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value)
  return keys.flatMap(key => [[...at, key], ...pathsIn((value as Record<string | number, unknown>)[key], [...at, key])])
}

const places = [...documents].flatMap(([file, document]) => pathsIn(document).map(path => ({ file, path })))

/** what a person types in the wrong place */
const SLIPS: readonly unknown[] = [
  ...[
    null,
    '',
    0,
    -1,
    1.5,
    1e300,
    true,
    [],
    {},
    [[]],
    [null],
    { a: null },
    { en: 1 },
    'person',
    'end',
    'active',
    '*',
    '7d',
  ],
  ...[
    '0d',
    'true',
    '1 +',
    "'",
    'count(',
    'a'.repeat(5000),
    'window_days',
    '2026-02-30',
    ['a', 'a'],
    { of: 'revenue' },
    '工单',
  ],
]

function mutated(document: unknown, path: Path, slip: { readonly kind: string; readonly value: unknown }): unknown {
  const copy = structuredClone(document)
  const parent = path.slice(0, -1).reduce((at, key) => (at as never)[key], copy) as Record<string | number, unknown>
  const key = path.at(-1)!
  if (slip.kind === 'replace') parent[key] = structuredClone(slip.value)
  else if (slip.kind === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else delete parent[key]
  } else if (slip.kind === 'rename' && !Array.isArray(parent)) {
    parent[`${key}x`] = parent[key]
    delete parent[key]
  } else if (slip.kind === 'twist' && typeof parent[key] === 'string') parent[key] = `${parent[key].slice(1)}`
  return copy
}

const slip = fc.oneof(
  fc.constantFrom(...SLIPS).map(value => ({ kind: 'replace', value })),
  fc.constantFrom('remove', 'rename', 'twist').map(kind => ({ kind, value: null })),
)
const mistake = fc.record({ place: fc.constantFrom(...places), slip })

const SCHEMA_OF: Readonly<Record<string, string>> = {
  'kivi.yaml': 'kivi.schema.json',
  'alerts.yaml': 'alerts.schema.json',
  'digests.yaml': 'digests.schema.json',
}
const validators = Object.fromEntries(
  Object.entries(JSON_SCHEMAS).map(([name, schema]) => [name, new Ajv2020().compile(schema)]),
)

describe('whatever is wrong with a catalog', () => {
  it('is told once, with a place and in words, never stops the loader, and includes what an editor marks', () => {
    let marked = 0
    fc.assert(
      fc.property(mistake, ({ place, slip }) => {
        const document = mutated(documents.get(place.file), place.path, slip)
        const problems = loadCatalogFiles(new Map(files).set(place.file, stringify(document))).problems ?? []
        for (const problem of problems) {
          const line = formatProblem(problem)
          expect(line).toMatch(/^[\w./-]+:[1-9]\d*:[1-9]\d* [a-z_]+ \S/)
          expect(problem.message).toMatch(/\.$/)
          expect(line).not.toMatch(/undefined|NaN|\[object|=> /)
        }
        expect(new Set(problems.map(formatProblem)).size).toBe(problems.length)
        const isValid = validators[SCHEMA_OF[place.file] ?? 'schema.json']!
        if (isValid(document)) return
        marked += 1
        expect(problems.length, JSON.stringify(isValid.errors)).toBeGreaterThan(0)
      }),
      { numRuns: RUNS },
    )
    expect(marked).toBeGreaterThan(RUNS / 10)
  }, 300_000)
})
