/** Plays scenarios, one after the other, and tells what came out otherwise. */
import type { Catalog } from '@kivi/domain'
import { type Watch, watch } from './alerts.ts'
import { alertDifferences, differences, shown } from './compare.ts'
import type { Scenario, ScenarioFile, Step } from './scenario.ts'
import { openStage, type Stage, type StageOptions, type World } from './world.ts'

export interface ScenarioReport {
  readonly name: string
  readonly line: number
  readonly expectations: number
  readonly failures: readonly Failure[]
}

interface Failure {
  readonly line: number
  /** sentences for a person */
  readonly text: string
}

/** Plays scenarios on stages, of which there is one a catalog: making one takes longer than most scenarios. */
export interface Theatre extends AsyncDisposable {
  play(catalog: Catalog, scenarios: readonly Scenario[]): Promise<ScenarioReport[]>
}

export function openTheatre(options: Omit<StageOptions, 'catalog'>): Theatre {
  const stages = new Map<string, Promise<Stage>>()
  const stageFor = (catalog: Catalog): Promise<Stage> => {
    const key = JSON.stringify([...catalog.files])
    const stage = stages.get(key) ?? openStage({ ...options, catalog })
    stages.set(key, stage)
    return stage
  }
  return {
    async play(catalog, scenarios) {
      const stage = await stageFor(catalog)
      const reports: ScenarioReport[] = []
      for (const scenario of scenarios) {
        await using world = await stage.world()
        reports.push(await runScenario(scenario, world, catalog))
      }
      return reports
    },
    async [Symbol.asyncDispose]() {
      for (const stage of stages.values()) await (await stage)[Symbol.asyncDispose]()
    },
  }
}

async function runScenario(scenario: Scenario, world: World, catalog: Catalog): Promise<ScenarioReport> {
  const failures: Failure[] = []
  let expectations = 0
  let arrived = 0
  const watched = new Set(scenario.steps.flatMap(step => step.alerts.map(({ rule }) => rule)))
  const from = scenario.watchFrom ?? Math.min(...scenario.events.map(({ arrives }) => arrives), Number.MAX_SAFE_INTEGER)
  const alerts = watch(catalog, watched, from, world.observe)
  for (const [instant, steps] of Map.groupBy(scenario.steps, step => step.at)) {
    const end = scenario.events.findIndex(event => event.arrives >= instant)
    const until = end < 0 ? scenario.events.length : Math.max(arrived, end)
    for (const [event, reason] of await world.receive(scenario.events.slice(arrived, until)))
      failures.push({ line: event.line, text: `the event is rejected. ${reason}` })
    arrived = until
    await world.passTo(instant)
    await alerts.passTo(instant)
    for (const step of steps) {
      expectations += step.values.length + step.alerts.length
      failures.push(...(await ask(step, world)), ...askAlerts(step, alerts))
    }
  }
  return { name: scenario.name, line: scenario.line, expectations, failures }
}

async function ask(step: Step, world: World): Promise<Failure[]> {
  const failures: Failure[] = []
  for (const expectation of step.values) {
    const { indicator, line, groups } = expectation
    const query = new URLSearchParams(step.window)
    if (step.by.length > 0 && groups !== null) query.set('by', step.by.join(','))
    for (const [name, values] of Object.entries(step.filter))
      query.append('filter', `${name}:${values.map(encodeURIComponent).join(',')}`)
    const { status, body } = await world.ask(`/v1/indicators/${indicator}/value?${query}`)
    if (status !== 200) {
      failures.push({ line, text: `${indicator} is refused: ${body['detail'] ?? body['title'] ?? status}` })
      continue
    }
    const wrong = differences(expectation, body)
    if (wrong.length === 0) continue
    const head = `${indicator} from ${body['from']} to ${body['to']}, asked at ${new Date(step.at).toISOString()}`
    // what a value was made of tells most about why it is another
    const parts = wrong.some(({ what }) => what === 'value') ? `\n  its parts: ${shown(body['parts'])}` : ''
    for (const difference of groupByLine(wrong))
      failures.push({
        line: difference.line,
        text: `${head}\n${difference.text}${parts}`,
      })
  }
  return failures
}

function askAlerts(step: Step, alerts: Watch): Failure[] {
  return step.alerts.flatMap(expected =>
    alertDifferences(expected, alerts.alerts(expected.rule)).map(({ line, what, expected, got }) => ({
      line,
      text: `${what} at ${new Date(step.at).toISOString()}: expected ${shown(expected)}, got ${shown(got)}`,
    })),
  )
}

const groupByLine = (wrong: ReturnType<typeof differences>) =>
  [...Map.groupBy(wrong, ({ line }) => line)].map(([line, differing]) => ({
    line,
    text: differing
      .map(({ what, expected, got }) => `  ${what}: expected ${shown(expected)}, got ${shown(got)}`)
      .join('\n'),
  }))

export const failed = (reports: readonly ScenarioReport[]): boolean => reports.some(r => r.failures.length > 0)

/** As a person reads it: a line per failure that an editor can jump to, and what was expected. */
export function describeReport(file: ScenarioFile['file'], reports: readonly ScenarioReport[]): string {
  const lines = reports.flatMap(({ name, failures }) =>
    failures.map(({ line, text }) => `${file}:${line} ${name}\n${indented(text)}`),
  )
  const expectations = reports.reduce((sum, report) => sum + report.expectations, 0)
  const count = `${counted(reports.length, 'scenario')}, ${counted(expectations, 'expectation')}`
  return [...lines, failed(reports) ? `${file}: FAILED (${count})` : `${file}: ok (${count})`].join('\n')
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const indented = (text: string): string => text.replaceAll(/^/gm, '  ')
