import { createMeasureSource, createSliceReader } from '@kivi/clickhouse'
import { type AlertAnswer, type AlertHistoryAnswer, type AlertsAnswer, createZone, KiviError } from '@kivi/domain'
import { createReceiver } from '@kivi/receivers'
import { type Simulation, simulate } from '../alerts/simulate.ts'
import { tryReceiver } from '../alerts/try-receiver.ts'
import { type Command, type CommandArguments, type CommandContext, EXIT, type ExitCode } from '../cli/command.ts'
import { formatValue, table } from '../cli/format.ts'
import { meant, unknownName, usageError } from '../cli/parse.ts'
import { askApi, type OpenKivi, openKivi } from '../system/open-kivi.ts'

const ACTIONS = ['list', 'show', 'test', 'simulate'] as const
const DEFAULT_DAYS = 30

export const alerts: Command = {
  name: 'alerts',
  summary: 'List and show alerts, try a receiver, and see what a rule would have done.',
  description:
    'list           what fires, is pending or ended lately\n' +
    'show ID        one alert, and what became of it: evaluated, fired, sent to whom, answered what\n' +
    'test RECEIVER  sends one message for trying, past routes and silences\n' +
    'simulate RULE  what the rule would have done lately, from stored values; nobody is told',
  usage: 'list|show ID|test RECEIVER|simulate RULE [--days N] [--json]',
  arguments: { min: 1, max: 2 },
  options: {
    days: { type: 'string', value: 'N', description: `how far simulate looks back; ${DEFAULT_DAYS} unless told` },
    json: { type: 'boolean', description: 'the answer as JSON' },
  },
  async run(context, args) {
    const [action, name] = args.positionals
    const known = ACTIONS.find(one => one === action)
    if (known === undefined)
      throw usageError(alerts, `kivi alerts does not know "${action}"${meant(action ?? '', ACTIONS)}`)
    if (known === 'list' && name !== undefined)
      throw usageError(alerts, `kivi alerts list does not know what to do with "${name}".`)
    if (known !== 'list' && name === undefined) throw usageError(alerts, `kivi alerts ${known} needs ${NEEDS[known]}.`)
    const days = readDays(args)
    await using kivi = await openKivi(context.env)
    // awaited here: at the end of this block what it works on is closed
    switch (known) {
      case 'list':
        return await list(context, args, kivi)
      case 'show':
        return await show(context, args, kivi, name as string)
      case 'test':
        return await tryOne(context, args, kivi, name as string)
      case 'simulate':
        return await simulateOne(context, args, kivi, name as string, days)
    }
  },
}

const NEEDS = {
  show: 'the ID of an alert, as the list shows it',
  test: 'the name of a receiver, as alerts.yaml has it',
  simulate: 'the name of a rule, as alerts.yaml has it',
} as const

async function list({ stdout, signal }: CommandContext, args: CommandArguments, kivi: OpenKivi): Promise<ExitCode> {
  const answer = (await askApi(kivi, '/v1/alerts?limit=1000', signal, { withLog: true })) as AlertsAnswer
  stdout.write(args.options['json'] ? `${JSON.stringify(answer)}\n` : describeList(answer))
  return EXIT.done
}

async function show(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  id: string,
): Promise<ExitCode> {
  const path = encodeURIComponent(id)
  const alert = (await askApi(kivi, `/v1/alerts/${path}`, signal, { withLog: true })) as AlertAnswer
  const history = (await askApi(kivi, `/v1/alerts/history?alert=${path}`, signal)) as AlertHistoryAnswer
  stdout.write(
    args.options['json'] ? `${JSON.stringify({ ...alert, history: history.items })}\n` : describeAlert(alert, history),
  )
  return EXIT.done
}

async function tryOne(
  { stdout, signal, env }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  name: string,
): Promise<ExitCode> {
  const catalog = await kivi.catalog()
  const settings = catalog.alerting.receivers.get(name)
  if (settings === undefined) throw unknownName('receiver', name, catalog.alerting.receivers.keys())
  const { timezone } = catalog
  const receiver = createReceiver(settings, {
    ...{ env, timezone, now: Date.now },
    producer: async () => (await kivi.log()).producer(),
  })
  const { externalUrl } = kivi.config.alerts
  const delivery = await tryReceiver({ catalog, settings, receiver, externalUrl, now: Date.now(), signal })
  const took = delivery.kind === 'delivered'
  stdout.write(
    args.options['json']
      ? `${JSON.stringify(delivery)}\n`
      : `${name} ${took ? 'took it' : `did not take it (${delivery.kind})`}: ${delivery.answer}\n`,
  )
  return took ? EXIT.done : EXIT.findings
}

async function simulateOne(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  name: string,
  days: number,
): Promise<ExitCode> {
  const catalog = await kivi.catalog()
  const rule = catalog.alerting.rules.get(name)
  if (rule === undefined) throw unknownName('rule', name, catalog.alerting.rules.keys())
  const clickhouse = await kivi.clickhouse()
  const { retention, ingest } = kivi.config
  const zone = createZone(catalog.timezone)
  const slices = createSliceReader(clickhouse, { zone: () => zone })
  const simulation = await simulate({
    ...{ catalog, rule, days, retention, now: Date.now(), signal },
    source: createMeasureSource({ clickhouse, slices, rawRetentionMs: retention.raw }),
    watermark: { disorder: ingest.disorderMs, idleAfter: ingest.idleAfterMs },
  })
  const unit = catalog.indicators.get(rule.indicator ?? '')?.unit ?? 'number'
  stdout.write(
    args.options['json'] ? `${JSON.stringify(asJson(simulation))}\n` : describeSimulation(name, unit, simulation),
  )
  return EXIT.done
}

function readDays(args: CommandArguments): number {
  const text = args.options['days']
  if (text === undefined) return DEFAULT_DAYS
  const days = /^\d{1,3}$/.test(String(text)) ? Number(text) : 0
  if (days > 0) return days
  throw new KiviError('usage', `--days is "${String(text)}": expected a number from 1 to 999.`)
}

const shownLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity' && name !== 'indicator')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ')

function describeList({ items, counts, leader, evaluated }: AlertsAnswer): string {
  const who =
    leader === null ? 'No evaluator has judged alerts yet.' : `Judged by ${leader.name}, up to ${evaluated ?? '–'}.`
  if (items.length === 0) return `Nothing fires. ${who}\n`
  const rows = table([
    ['id', 'alert', 'state', 'severity', 'since', 'value', 'labels'],
    ...items.map(({ id, alert, state, severity, since, value, unit, labels }) => [
      ...[id, alert, state, severity, since, formatValue(value, unit ?? 'number'), shownLabels(labels)],
    ]),
  ])
  return `${counts.firing} firing, ${counts.pending} pending, ${counts.silenced} silenced. ${who}\n\n${rows}\n`
}

function describeAlert(alert: AlertAnswer, { items }: AlertHistoryAnswer): string {
  const { id, state, severity, labels, annotations, since, ended, value, target, unit, acknowledged, muted } = alert
  const rows = items.map(({ at, event, instant, value, receiver, answer, reason }) => [
    ...[at, event, instant ?? '', value === null ? '' : formatValue(value, unit ?? 'number'), receiver ?? ''],
    answer || reason || '',
  ])
  return [
    `${alert.alert} ${shownLabels(labels)}`.trim(),
    `id        ${id}`,
    `state     ${state} (${severity}) since ${since}${ended === null ? '' : ` until ${ended}`}`,
    `value     ${formatValue(value, unit ?? 'number')}${target === null ? '' : `, target ${formatValue(target, unit ?? 'number')}`}`,
    ...Object.entries(annotations).map(([name, text]) => `${name.padEnd(9)} ${text}`),
    ...(acknowledged === null ? [] : [`taken     by ${acknowledged.by} at ${acknowledged.at} ${acknowledged.comment}`]),
    ...muted.map(
      each => `muted     ${each.by === 'silence' ? `by silence ${each.id} until ${each.until}` : `by ${each.alert}`}`,
    ),
    '',
    ...(rows.length === 0
      ? ['No history yet.']
      : [table([['at', 'what', 'instant', 'value', 'receiver', 'answer'], ...rows])]),
    '',
  ].join('\n')
}

const time = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

const asJson = ({ from, to, instants, fineFrom, episodes }: Simulation) => ({
  ...{ from: time(from), to: time(to), instants, fine_from: fineFrom === null ? null : time(fineFrom) },
  episodes: episodes.map(each => ({ ...each, from: time(each.from), to: each.to === null ? null : time(each.to) })),
})

function describeSimulation(
  rule: string,
  unit: string,
  { from, to, instants, fineFrom, episodes }: Simulation,
): string {
  const note =
    fineFrom === null
      ? ''
      : ` Before ${time(fineFrom)} only each quarter of an hour can be judged: what is stored is no finer.`
  const head = `${rule} from ${time(from)} to ${time(to)}, at ${instants} instants: `
  if (episodes.length === 0) return `${head}it would not have fired.${note}\n`
  const rows = table([
    ['fires', 'ends', 'value', 'labels'],
    ...episodes.map(each => [
      ...[time(each.from), each.to === null ? 'fires still' : time(each.to)],
      ...[formatValue(each.value, unit), shownLabels(each.labels)],
    ]),
  ])
  const weeks = (to - from) / 604_800_000
  const rate = (episodes.length / Math.max(weeks, 1 / 7)).toFixed(1)
  return `${head}it would have fired ${episodes.length === 1 ? 'once' : `${episodes.length} times`}, ${rate} a week.${note}\n\n${rows}\n`
}
