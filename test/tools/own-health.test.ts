/** The Prometheus rules and the Alertmanager configuration for the health of Kivi itself, by their own programs. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const folder = join(root, 'infra/prometheus')

it('promtool finds the rules right, and they fire when they should', async () => {
  const checked = await run('promtool', ['check', 'rules', join(folder, 'kivi.rules.yml')])
  expect(checked.stdout).toContain('SUCCESS: 8 rules found')
  const tested = await run('promtool', ['test', 'rules', join(folder, 'kivi.rules.test.yml')])
  expect(tested.stdout).toContain('SUCCESS')
})

it('of every rule it is tested when it fires', async () => {
  const { groups } = parse(await readFile(join(folder, 'kivi.rules.yml'), 'utf8')) as {
    groups: { rules: { alert: string }[] }[]
  }
  const { tests } = parse(await readFile(join(folder, 'kivi.rules.test.yml'), 'utf8')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
  }
  const fired = tests.flatMap(one => one.alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length > 0))
  const rules = groups.flatMap(group => group.rules.map(({ alert }) => alert))
  expect([...new Set(fired.map(({ alertname }) => alertname))].sort()).toEqual(rules.sort())
})

it('amtool finds the Alertmanager configuration right', async () => {
  const { stdout } = await run('amtool', ['check-config', join(folder, 'alertmanager.yml')])
  expect(stdout).toContain('SUCCESS')
})

it('every metric that a rule names is documented, which a test holds to the code', async () => {
  const rules = await readFile(join(folder, 'kivi.rules.yml'), 'utf8')
  const documented = await readFile(join(root, 'docs/operations.md'), 'utf8')
  const names = new Set([...rules.matchAll(/\bkivi_[a-z_]+/g)].map(([name]) => name))
  expect(names.size).toBeGreaterThan(4)
  for (const name of names) expect(documented).toContain(`\`${name}`)
})
