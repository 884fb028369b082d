import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { type Config, loadConfig } from '@kivi/service-kit'
import { type Command, EXIT } from '../cli/command.ts'
import { type LoadedFile, loadScenarioFile } from '../scenarios/load.ts'
import { describeReport, failed, openTheatre } from '../scenarios/run.ts'

export const test: Command = {
  name: 'test',
  summary: 'Play scenarios against the catalog: events in, time passes, values expected.',
  description:
    'Each scenario runs in an empty database of its own, through decoding, storing, deriving and the query service, with ' +
    'the time as the scenario says. Prints a line per file, and what came out otherwise as `file:line`. The format: ' +
    'docs/testing-a-catalog.md.',
  usage: 'FILE… [--run TEXT] [--json]',
  arguments: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    run: { type: 'string', value: 'TEXT', description: 'only scenarios whose name contains the text' },
    json: { type: 'boolean', description: 'what happened as JSON' },
  },
  async run({ env, stdout, signal }, { positionals, options }) {
    const config = loadConfig(env)
    const only = typeof options['run'] === 'string' ? options['run'].toLowerCase() : ''
    const files: LoadedFile[] = []
    for (const name of positionals) files.push(await loadScenarioFile(name, config.catalog.directory))
    await using engine = await openEngine(config)
    await using theatre = openTheatre({ clickhouseUrl: engine.url, config, signal })
    let wrong = false
    const all: object[] = []
    for (const file of files) {
      const chosen = file.scenarios.filter(({ name }) => name.toLowerCase().includes(only))
      const reports = chosen.length === 0 ? [] : await theatre.play(file.catalog, chosen)
      wrong ||= failed(reports)
      if (options['json']) all.push({ file: file.file, scenarios: reports })
      else if (reports.length > 0) stdout.write(`${describeReport(file.file, reports)}\n`)
    }
    if (options['json']) stdout.write(`${JSON.stringify({ files: all })}\n`)
    return wrong ? EXIT.findings : EXIT.done
  },
}

/** The configured ClickHouse, else an engine of its own: a Kivi that runs is not disturbed. */
async function openEngine(config: Config): Promise<AsyncDisposable & { readonly url: string }> {
  if (config.clickhouse.url !== null) return { url: config.clickhouse.url, async [Symbol.asyncDispose]() {} }
  const directory = await mkdtemp(join(tmpdir(), 'kivi-test-'))
  const engine = await startEmbeddedClickHouse({ dataDir: directory })
  return {
    url: engine.url,
    async [Symbol.asyncDispose]() {
      await engine.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
