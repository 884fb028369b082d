/** kivi test as a command: exit codes, and what a person reads. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../../services/standalone/src/cli/run.ts'
import { COMMANDS } from '../../services/standalone/src/commands/index.ts'
import { clickhouseUrl } from '../support/index.ts'

const catalog = fileURLToPath(new URL('../../catalog', import.meta.url))
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-command-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function kiviTest(text: string, ...options: string[]) {
  const file = join(directory, 'my.yaml')
  await writeFile(file, text)
  const written = { stdout: '', stderr: '' }
  const into = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk)
        done()
      },
    })
  const code = await runCli(COMMANDS, ['test', file, ...options], {
    env: { KIVI_CATALOG: catalog, KIVI_CLICKHOUSE_URL: await clickhouseUrl() },
    stdin: new PassThrough(),
    stdout: into('stdout'),
    stderr: into('stderr'),
    signal: AbortSignal.timeout(100_000),
    ready: () => {},
    onReload: () => {},
  })
  return { code, out: written.stdout.replaceAll(file, 'my.yaml'), err: written.stderr.replaceAll(file, 'my.yaml') }
}

const scenarios = (clicks: number) => `
scenarios:
  - name: clicks
    events: |
      2026-03-02T09:00 impression @p{n} ad campaign=spring x100
      2026-03-02T10:00 click @p{n} ad campaign=spring x4
      2026-03-02T10:00 click @p1 ad campaign=spring event_id=line-6-1
    expect:
      - at: 2026-03-03
        window: 1d
        by: campaign
        values:
          ctr: { value: ${clicks}/100, groups: { spring: ${clicks}/100 } }
  - name: nothing
    expect:
      - { at: 2026-03-03, values: { csat: { value: null, status: no_data, reason: zero_denominator } } }
`

it('what comes out as expected is one line, and 0; a duplicate does not count', async () => {
  expect(await kiviTest(scenarios(4))).toEqual({
    code: 0,
    out: 'my.yaml: ok (2 scenarios, 2 expectations)\n',
    err: '',
  })
})

it('what does not is told with its place, what was expected and what it was made of, and 1', async () => {
  const { code, out } = await kiviTest(scenarios(5), '--run', 'clicks')
  expect(code).toBe(1)
  expect(out).toBe(`my.yaml:13 clicks
  ctr from 2026-03-02T00:00:00Z to 2026-03-03T00:00:00Z, asked at 2026-03-03T00:00:00.000Z
    value: expected 0.05, got 0.04
    groups.spring.value: expected 0.05, got 0.04
    its parts: {"ad_clicks":4,"ad_impressions":100}
my.yaml: FAILED (1 scenario, 1 expectation)
`)
})

it('an event that is rejected fails the scenario', async () => {
  const { code, out } = await kiviTest(`
scenarios:
  - name: a score beyond its scale
    events: |
      2026-03-02 survey @ann csat score=7
    expect:
      - { at: 2026-03-03, values: { csat: { reason: no_data } } }
`)
  expect(code).toBe(1)
  expect(out).toContain('my.yaml:5 a score beyond its scale\n  the event is rejected. ')
})

it('a file that is no scenario file, or is not there, is wrong usage: 2', async () => {
  expect(await kiviTest('scenarios: 7')).toEqual({
    code: 2,
    out: '',
    err: 'my.yaml:1:1 scenarios is a list, and it is missing here.\n',
  })
  const { code, err } = await kiviTest(scenarios(4), join(directory, 'nowhere.yaml'))
  expect([code, err]).toEqual([2, expect.stringContaining('nowhere.yaml cannot be read')])
})

it('as JSON it says the same', async () => {
  const { code, out } = await kiviTest(scenarios(5), '--json', '--run', 'clicks')
  expect(code).toBe(1)
  expect(JSON.parse(out).files[0].scenarios[0]).toMatchObject({ name: 'clicks', failures: [{ line: 13 }] })
})
