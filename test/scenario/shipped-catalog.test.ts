/** The shipped catalog's scenarios, and that no indicator is without one. */
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@kivi/service-kit'
import { expect, it } from 'vitest'
import { type LoadedFile, loadScenarioFile } from '../../services/standalone/src/scenarios/load.ts'
import { describeReport, failed, playAll } from '../../services/standalone/src/scenarios/run.ts'
import { clickhouseUrl } from '../support/index.ts'

const folder = fileURLToPath(new URL('../../catalog/tests/', import.meta.url))
const files: LoadedFile[] = []
for (const name of (await readdir(folder)).sort()) files.push(await loadScenarioFile(`${folder}${name}`, folder))

it.each(files.map(file => [file.file.slice(folder.length), file] as const))(
  'what %s expects is so',
  async (_, { file, scenarios, catalog }) => {
    const reports = await playAll(scenarios, {
      clickhouseUrl: await clickhouseUrl(),
      catalog,
      config: loadConfig({}),
      signal: AbortSignal.timeout(240_000),
    })
    expect(failed(reports), describeReport(file, reports)).toBe(false)
    expect(reports.length).toBeGreaterThan(0)
  },
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
