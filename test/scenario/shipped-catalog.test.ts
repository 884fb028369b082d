/** The shipped catalog's scenarios, and that no indicator is without one. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@kivi/service-kit'
import { afterAll, expect, it } from 'vitest'
import { type LoadedFile, loadScenarioFile } from '../../services/standalone/src/scenarios/load.ts'
import { describeReport, failed, openTheatre } from '../../services/standalone/src/scenarios/run.ts'
import { ALERT_KEYS, EXPECTED_KEYS } from '../../services/standalone/src/scenarios/scenario.ts'
import { clickhouseUrl } from '../support/index.ts'

const folder = fileURLToPath(new URL('../../catalog/tests/', import.meta.url))
const files: LoadedFile[] = []
for (const name of (await readdir(folder)).sort()) files.push(await loadScenarioFile(`${folder}${name}`, folder))

const page = await readFile(new URL('../../docs/testing-a-catalog.md', import.meta.url), 'utf8')

const theatre = openTheatre({
  clickhouseUrl: await clickhouseUrl(),
  config: loadConfig({}),
  signal: AbortSignal.timeout(600_000),
})
afterAll(() => theatre[Symbol.asyncDispose]())

async function play({ file, scenarios, catalog }: LoadedFile): Promise<void> {
  const reports = await theatre.play(catalog, scenarios)
  expect(failed(reports), describeReport(file, reports)).toBe(false)
  expect(reports.length).toBeGreaterThan(0)
}

it.each(files.map(file => [file.file.slice(folder.length), file] as const))(
  'what %s expects is so',
  (_, file) => play(file),
  240_000,
)

it('every indicator that the catalog declares has a scenario', () => {
  const expected = new Set(
    files.flatMap(({ scenarios }) =>
      scenarios.flatMap(({ steps }) => steps.flatMap(({ values }) => values.map(({ indicator }) => indicator))),
    ),
  )
  const declared = [...files[0]!.catalog.indicators.values()].filter(({ owner }) => owner !== null)
  expect(declared.map(({ id }) => id).filter(id => !expected.has(id))).toEqual([])
})

it('every shipped alert rule about an indicator has a scenario', () => {
  const expected = new Set(
    files.flatMap(({ scenarios }) =>
      scenarios.flatMap(({ steps }) => steps.flatMap(({ alerts }) => alerts.map(({ rule }) => rule))),
    ),
  )
  const rules = [...files[0]!.catalog.alerting.rules.values()].filter(({ indicator }) => indicator !== null)
  expect(rules.length).toBeGreaterThan(3)
  expect(rules.map(({ id }) => id).filter(id => !expected.has(id))).toEqual([])
})

it('the scenarios of docs/testing-a-catalog.md come out as it says, and the page names all that can be expected', async () => {
  const blocks = [...page.matchAll(/^```yaml scenario\n(.*?)^```$/gms)].map(match => match[1]!)
  expect(blocks).toHaveLength(2)
  const directory = await mkdtemp(join(tmpdir(), 'kivi-scenario-'))
  const file = join(directory, 'example.yaml')
  for (const block of blocks) {
    await writeFile(file, block.replace('catalog: ../catalog', `catalog: ${folder}..`))
    await play(await loadScenarioFile(file, folder))
  }
  await rm(directory, { recursive: true })
  for (const key of [...EXPECTED_KEYS, ...ALERT_KEYS]) expect(page, key).toContain(`\`${key}\``)
})
