import { type Finding, type ReconcileReport, reconcile as reconcileStore } from '@kivi/clickhouse'
import { type Command, EXIT } from '../cli/command.ts'
import { table } from '../cli/format.ts'
import { openKivi } from '../system/open-kivi.ts'

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'Check that everything in the log was counted exactly once.',
  description:
    'Compares the ledger with itself and with the tables that it vouches for. Changes nothing.\n' +
    'Exits 1 and lists what it finds where positions are missing, counted twice, or differ from the ledger.',
  usage: '[--json]',
  arguments: { min: 0, max: 0 },
  options: { json: { type: 'boolean', description: 'the whole report as JSON' } },
  async run({ env, stdout }, args) {
    await using kivi = await openKivi(env)
    const { config } = kivi
    const report = await reconcileStore(await kivi.clickhouse(), {
      topic: config.topics.events,
      retention: config.retention,
    })
    stdout.write(args.options['json'] ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`)
    return report.findings.length > 0 ? EXIT.findings : EXIT.done
  },
}

function describe({ lineages, totals, findings, truncated }: ReconcileReport): string {
  const rows = lineages.map(({ topic, partition, from, to, batches, outcomes }) =>
    [`${topic}/${partition}`, `${from}–${to}`, batches, ...OUTCOMES.map(outcome => outcomes[outcome])].map(String),
  )
  const sum = ['all', '', totals.batches, ...OUTCOMES.map(outcome => totals[outcome])].map(String)
  const head = ['partition', 'positions', 'batches', ...OUTCOMES]
  const verdict =
    findings.length === 0
      ? 'No gap and no overlap: every record was decided exactly once.'
      : [...findings.map(describeFinding), ...(truncated ? ['… and more'] : [])].join('\n')
  return `${table([head, ...rows, sum])}\n${verdict}`
}

const OUTCOMES = ['accepted', 'duplicate', 'rejected', 'too_late', 'too_early'] as const

const describeFinding = ({ kind, topic, partition, from, to, expected, found }: Finding): string =>
  `${kind} ${topic}/${partition} positions ${from} to ${to}: expected ${expected}, found ${found}`
