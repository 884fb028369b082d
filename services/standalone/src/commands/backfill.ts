import { instantOf } from '@kivi/catalog'
import {
  type Catalog,
  createZone,
  type Indicator,
  KiviError,
  type Measure,
  measuresOf,
  parseWindow,
  suggest,
} from '@kivi/domain'
import { backfillPoints, backfillSlices, deriveAll } from '@kivi/evaluator'
import { type Command, type CommandArguments, EXIT, textOption } from '../cli/command.ts'
import { progressBar } from '../cli/progress-bar.ts'
import { openKivi } from '../system/open-kivi.ts'

export const backfill: Command = {
  name: 'backfill',
  summary: 'Compute the past of new and changed indicators from raw events.',
  description:
    'Counts what new measures of events missed before they were in the catalog, brings the derived tables up to date,\n' +
    'as far back as raw events reach, and computes the points of recorded indicators for each instant that has none. Of\n' +
    'the indicators named, or of all. What is there is left alone, so that an interrupted backfill goes on where it\n' +
    'stopped. Points remember the version of the definition.',
  usage: '[INDICATOR…] [--from TIME] [--to TIME] [--step 1d] [--again] [--json]',
  arguments: { min: 0, max: Number.POSITIVE_INFINITY },
  options: {
    from: { type: 'string', value: 'TIME', description: 'first end of a window; the first event' },
    to: { type: 'string', value: 'TIME', description: 'last end of a window; now' },
    step: { type: 'string', value: 'LENGTH', description: 'from one to the next; as recorded, else 1d' },
    again: { type: 'boolean', description: 'compute also what is there already' },
    json: { type: 'boolean', description: 'what was done as JSON' },
  },
  async run({ env, stdout, stderr, signal }, args) {
    await using kivi = await openKivi(env)
    const { config } = kivi
    const catalog = await kivi.catalog()
    const indicators = chosen(catalog, args.positionals)
    const [from, to] = [readTime(args, 'from', catalog), readTime(args, 'to', catalog)]
    const stepMs = readStep(args)
    const clickhouse = await kivi.clickhouse()
    using bar = progressBar(stderr, () => performance.now())
    const refused: string[] = []
    const measured =
      config.retention.raw === 0
        ? []
        : await backfillSlices({
            clickhouse,
            catalog,
            measures: measuresOfAll(catalog, args.positionals, indicators),
            signal,
            onProgress: (done, all) => bar.show('counting ', done / all),
            // who names an indicator wants to know why it cannot be done
            ...(args.positionals.length > 0 ? {} : { onRefused: (_, reason) => refused.push(reason) }),
          })
    await deriveAll({ clickhouse, catalog, config, signal, onProgress: share => bar.show('deriving ', share) })
    const report = await backfillPoints({
      clickhouse,
      catalog,
      config,
      indicators,
      from,
      to,
      stepMs,
      again: args.options['again'] === true,
      signal,
      onProgress: (done, all) => bar.show('computing', done / all),
    })
    if (args.options['json'] === true) stdout.write(`${JSON.stringify({ measures: measured, ...report })}\n`)
    else {
      for (const reason of refused) stdout.write(`${reason}\n`)
      for (const { measure, events } of measured)
        stdout.write(`${measure}: ${events} events counted that it had missed.\n`)
      stdout.write(`${report.points} points of ${indicators.length} indicators computed`)
      stdout.write(report.there === 0 ? '.\n' : `; ${report.there} instants were there already.\n`)
      if (report.notReady.length > 0)
        stdout.write(
          `Without a value: ${report.notReady.join(', ')}. They rest on raw events, and there are none (KIVI_RETENTION_RAW).\n`,
        )
    }
    return report.notReady.length + refused.length === 0 ? EXIT.done : EXIT.findings
  },
}

/** Measures of events: of what is named, else of the whole catalog. */
function measuresOfAll(catalog: Catalog, named: readonly string[], indicators: readonly Indicator[]): Measure[] {
  if (named.length === 0) return [...catalog.measures.values()]
  const ids = new Set(indicators.flatMap(indicator => measuresOf(catalog, indicator).map(({ id }) => id)))
  return [...catalog.measures.values()].filter(({ id }) => ids.has(id))
}

function chosen(catalog: Catalog, ids: readonly string[]): Indicator[] {
  if (ids.length === 0) {
    const recorded = [...catalog.indicators.values()].filter(({ record }) => record !== null)
    if (recorded.length > 0) return recorded
    throw new KiviError(
      'usage',
      'No indicator of the catalog is recorded (record: { every: 1h }): name those you mean.',
    )
  }
  return ids.map(id => {
    const indicator = catalog.indicators.get(id)
    if (indicator !== undefined) return indicator
    const similar = suggest(id, [...catalog.indicators.keys()])
    throw new KiviError('usage', `There is no indicator ${id}${similar === null ? '' : `; did you mean ${similar}?`}`)
  })
}

function readTime(args: CommandArguments, name: string, catalog: Catalog): number | null {
  const text = textOption(args, name)
  if (text === null) return null
  const time = instantOf(text, createZone(catalog.timezone))
  if (time !== null) return time
  throw new KiviError(
    'usage',
    `--${name} is "${text}": expected a date such as 2026-01-31 (its beginning in ${catalog.timezone}), or an instant such as 2026-01-31T08:00:00Z.`,
  )
}

function readStep(args: CommandArguments): number | null {
  const text = textOption(args, 'step')
  if (text === null) return null
  const length = parseWindow(text)
  if (length.ok) return length.ms
  throw new KiviError('usage', `--step: ${length.reason}`)
}
