import { readFile } from 'node:fs/promises'
import { createImportMemory } from '@kivi/clickhouse'
import { KiviError } from '@kivi/domain'
import { deriveAll } from '@kivi/evaluator'
import { type Command, type CommandArguments, EXIT, textOption } from '../cli/command.ts'
import { progressBar } from '../cli/progress-bar.ts'
import { type ImportReport, runImport } from '../import/importer.ts'
import { openInput } from '../import/input-file.ts'
import { type MappingFile, parseMapping } from '../import/mapping-file.ts'
import { printReport } from '../import/print-report.ts'
import { waitUntilIngested } from '../import/wait.ts'
import { claimDirectory } from '../system/data-directory.ts'
import { openKivi } from '../system/open-kivi.ts'

export const importCommand: Command = {
  name: 'import',
  summary: 'Put the events of files into the log, exactly once.',
  description:
    'Reads NDJSON, CSV and Avro container files, also packed with gzip or zstd; - is standard input.\n' +
    'An import is named by the content of file and mapping: an interrupted one goes on where it stopped, and one that\n' +
    'is finished changes nothing, whenever it is repeated. Rows that are no valid events are listed with their lines, and the exit code is 1.',
  usage: 'FILE… [--mapping M.yaml] [--no-wait] [--resume-after ROW] [--json]',
  arguments: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    mapping: { type: 'string', value: 'FILE', description: 'says what events the rows of the files are' },
    'no-wait': { type: 'boolean', description: 'do not wait until the events are counted' },
    'resume-after': {
      type: 'string',
      value: 'ROW',
      description: 'where an import goes on whose end nobody remembers; Kivi says when it is needed',
    },
    json: { type: 'boolean', description: 'a report per file as JSON, one a line' },
  },
  async run({ env, stdin, stdout, stderr, signal }, args) {
    const mapping = await readMapping(textOption(args, 'mapping'))
    const resumeAfter = readRow(args)
    await using kivi = await openKivi(env)
    const { config } = kivi
    const catalog = await kivi.catalog()
    await claimDirectory(kivi.directory, 'own')
    const wait = args.options['no-wait'] !== true
    // started before the first row: whoever waits for the events to be counted waits less
    const worker = wait ? await kivi.worker() : 'elsewhere'
    const clickhouse = await kivi.clickhouse()
    const memory = createImportMemory(clickhouse)
    const log = await kivi.log()
    await log.ensureTopic(config.topics.events, { partitions: 4 })
    const producer = await log.producer()
    const reports: ImportReport[] = []
    try {
      for (const path of args.positionals) {
        await using file = await openInput(path, stdin)
        using bar = progressBar(stderr, () => performance.now())
        const report = await runImport({
          file,
          mapping,
          catalog,
          producer,
          memory,
          resumeAfter,
          topic: config.topics.events,
          retentionRaw: retention(kivi.endpoint?.retentionRaw, config.retention.raw),
          clockSkew: config.ingest.clockSkewMs,
          now: Date.now,
          signal,
          onProgress: (phase, share) => bar.show(phase === 'check' ? 'checking ' : 'importing', share),
        })
        reports.push(report)
      }
    } finally {
      await producer.close()
    }
    if (wait) {
      using bar = progressBar(stderr, () => performance.now())
      await waitUntilIngested({
        log,
        clickhouse,
        topic: config.topics.events,
        signal,
        patient: worker === 'here',
        onProgress: share => bar.show('counting ', share),
      })
    }
    // with workers elsewhere the evaluator is elsewhere too
    if (worker === 'here') {
      using bar = progressBar(stderr, () => performance.now())
      await deriveAll({ clickhouse, catalog, config, signal, onProgress: share => bar.show('deriving ', share) })
    }
    for (const report of reports) {
      if (args.options['json']) stdout.write(`${JSON.stringify(report)}\n`)
      else printReport(report, stdout)
    }
    return reports.some(report => report.refused > 0) ? EXIT.findings : EXIT.done
  },
}

/** The running worker decides what is too late, not the environment of this command. */
function retention(running: number | 'forever' | undefined, own: number): number {
  if (running === undefined) return own
  return running === 'forever' ? Number.POSITIVE_INFINITY : running
}

function readRow(args: CommandArguments): number | null {
  const text = textOption(args, 'resume-after')
  if (text === null) return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new KiviError('usage', `--resume-after is "${text}": expected the number of a row, as the refusal named it.`)
}

async function readMapping(path: string | null): Promise<MappingFile | null> {
  if (path === null) return null
  try {
    return parseMapping(await readFile(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof KiviError) throw error
    throw new KiviError('usage', `The mapping ${path} cannot be read: ${(error as Error).message}.`, { cause: error })
  }
}
