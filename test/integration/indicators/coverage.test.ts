/** Which test proves what: docs/indicator-tests.md, written by `npx vitest run … --update`, fails here when it is stale. */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { golden, VARIANTS } from '../../independent/golden.ts'
import { calculations } from '../../independent/index.ts'
import { ROWS, type Row } from './rows.ts'
import { shippedCatalog } from './world.ts'

const HERE = 'test/integration/indicators'

/** Of each test file, the ids that it names itself. */
const FILES = ['edges', 'groceries', 'correlation', 'kafka'] as const

const rows = Object.values(ROWS).flat()

const STATISTICS = 'packages/domain/src/statistics'
const STEERED = 'test/integration/steering/steering.test.ts'
/** How values are judged: row, where it is asked, the test that proves it by its name; error rates are a benchmark's. */
const STEERING: ReadonlyArray<readonly [row: string, asked: string, file: string, proof: string]> = [
  ['north_star', '/v1/north-star', STEERED, 'the North Star has a history, and what led stays told'],
  ['attainment, status', '/v1/targets/{id}/attainment', STEERED, 'how many whole months attained the target'],
  ['trend', 'trend', `${STATISTICS}/trend.test.ts`, 'a rising line has its slope, whatever one outlier says'],
  ['action effect', '/v1/actions/{id}/effect', STEERED, 'an action’s effect is the step beyond the trend'],
  ['intervals', 'interval', `${STATISTICS}/intervals.test.ts`, 'Wilson’s interval keeps within 0 and 1'],
  ['correlation', '/v1/correlations', `${STATISTICS}/correlation.test.ts`, 'is found at that lag'],
  ['anomaly', 'anomalyOf', `${STATISTICS}/anomaly.test.ts`, 'is judged by its hour of the week'],
  [
    'target alert on a ratio',
    'certain: true',
    'packages/domain/src/alerts/conditions/conditions.test.ts',
    'with an interval has to hold for the whole of it',
  ],
  ['roll-up', '/v1/drivers/{id}', STEERED, 'a parent shows its children, and the one that drags'],
]

async function proofs(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const add = (id: string, file: string) => {
    const files = found.get(id) ?? []
    if (!files.includes(file)) found.set(id, [...files, file])
  }
  for (const { expect: expectations } of golden.cases)
    for (const { indicator, variant } of expectations)
      add(VARIANTS[`${indicator} ${variant ?? ''}`.trim()] ?? indicator, 'golden.test.ts')
  const catalog = await shippedCatalog()
  for (const id of calculations.keys()) if (catalog.indicators.has(id)) add(id, 'histories.test.ts')
  for (const name of FILES) {
    const text = await readFile(new URL(`${name}.test.ts`, import.meta.url), 'utf8')
    for (const id of [...catalog.indicators.keys(), '/v1/churn-reasons'])
      if (new RegExp(`['/\`]${id}['/?\`]`).test(text)) add(id, `${name}.test.ts`)
  }
  for (const id of ['/v1/churn-reasons']) add(id, 'analyses.test.ts')
  return found
}

it('every row is measured by indicators that are declared, and each of them is proven', async () => {
  const catalog = await shippedCatalog()
  const proven = await proofs()
  const missing = rows.flatMap(({ ids }) =>
    ids.filter(id => !(id.startsWith('/') || catalog.indicators.has(id)) || !proven.has(id)),
  )
  expect(missing).toEqual([])
})

it('every indicator that the catalog declares belongs to a row', async () => {
  const catalog = await shippedCatalog()
  const declared = [...catalog.indicators.values()].filter(indicator => indicator.level !== null)
  const listed = new Set(rows.flatMap(({ ids }) => ids))
  expect(declared.map(({ id }) => id).filter(id => !listed.has(id))).toEqual([])
})

it('every row of steering is proven by a test of that name', async () => {
  const root = new URL('../../../', import.meta.url)
  const missing: string[] = []
  for (const [row, , file, proof] of STEERING)
    if (!(await readFile(new URL(file, root), 'utf8')).includes(proof))
      missing.push(`${row}: ${file} has no "${proof}"`)
  expect(missing).toEqual([])
})

it('docs/indicator-tests.md says what is so', async () => {
  const proven = await proofs()
  const line = ({ names, ids }: Row): string => {
    const files = [...new Set(ids.flatMap(id => proven.get(id) ?? []))]
    return `| ${names.map(name => `\`${name}\``).join(', ')} | ${ids.map(id => `\`${id}\``).join(', ')} | ${files.join(', ')} |`
  }
  const sections = Object.entries(ROWS).map(
    ([section, list]) => `## ${section}

| row | indicators | proven by |
|---|---|---|
${list.map(line).join('\n')}
`,
  )
  const page = `# Which test proves which indicator

Each indicator is asked of the real service, over events that were ingested into ClickHouse, and compared with a plain
loop over the same events (\`test/independent\`), which shares no code with Kivi. The tests lie in \`${HERE}\`:
\`golden\` holds cases worked out by hand, \`histories\` random ones, \`groceries\` a year of real purchases, \`edges\` and
\`correlation\` and \`analyses\` what their names say; \`kafka\` compares all of them after two workers with what an
ordered import gives. This page is written by \`npx vitest run ${HERE}/coverage.test.ts --update\`, and a test fails
when it is not up to date.

${sections.join('\n')}
## Steering

Anomalies and alerts on targets are raised by rules ([alerts.md](alerts.md)). How often each method is wrong where nothing
happened is printed by \`npm run bench -- statistics\`; see [statistics.md](statistics.md).

| row | asked as | proven by |
|---|---|---|
${STEERING.map(([row, asked, file, proof]) => `| ${row} | \`${asked}\` | \`${file}\`: ${proof} |`).join('\n')}
`
  await expect(page).toMatchFileSnapshot('../../../docs/indicator-tests.md')
})
