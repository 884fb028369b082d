import {
  type Catalog,
  type Delivery,
  type DigestAnswer,
  type DigestDefinitionAnswer,
  type DigestsAnswer,
  digestHtml,
  digestMarkdown,
  KiviError,
  type ReceiverSettings,
} from '@kivi/domain'
import { createReceiver } from '@kivi/receivers'
import {
  type Command,
  type CommandArguments,
  type CommandContext,
  EXIT,
  type ExitCode,
  textOption,
} from '../cli/command.ts'
import { table } from '../cli/format.ts'
import { unknownName, usageError } from '../cli/parse.ts'
import { tryReport } from '../digests/try-report.ts'
import { askApi, type OpenKivi, openKivi } from '../system/open-kivi.ts'

const ACTIONS = ['list', 'show', 'send'] as const
const FORMATS = ['markdown', 'html', 'json'] as const

export const digest: Command = {
  name: 'digest',
  summary: 'List periodic reports, show one, and send one for trying.',
  description:
    'list           what is reported, when and to whom, and what became of the last reports\n' +
    'show ID        the report of the last period that is over, or of the one that --period names\n' +
    'send ID        sends it now, for trying, to its receivers or to the one that is named; the log is not told',
  usage: 'list|show ID|send ID [--period DATE] [--format markdown|html|json] [--lang en|zh] [--receiver NAME] [--json]',
  arguments: { min: 1, max: 2 },
  options: {
    period: {
      type: 'string',
      value: 'DATE',
      description: 'a date in the period, such as 2026-11-16; default the latest',
    },
    format: { type: 'string', value: 'FORMAT', description: 'markdown (default), html or json' },
    lang: { type: 'string', value: 'LANG', description: "en or zh; default the digest's own" },
    receiver: { type: 'string', value: 'NAME', description: 'one of alerts.yaml; default those of the digest' },
    json: { type: 'boolean', description: 'the answer as JSON' },
  },
  async run(context, args) {
    const [action, id] = args.positionals
    const known = ACTIONS.find(one => one === action)
    if (known === undefined)
      throw usageError(digest, `kivi digest does not know "${action}": expected ${ACTIONS.join(', ')}.`)
    if (known === 'list' && id !== undefined)
      throw usageError(digest, `kivi digest list does not know what to do with "${id}".`)
    if (known !== 'list' && id === undefined)
      throw usageError(digest, `kivi digest ${known} needs the ID of a digest, as digests.yaml has it.`)
    const format = oneOf(args, 'format', FORMATS) ?? 'markdown'
    await using kivi = await openKivi(context.env)
    // awaited here: at the end of this block what it works on is closed
    switch (known) {
      case 'list':
        return await list(context, args, kivi)
      case 'show':
        return await show(context, args, kivi, id as string, format)
      case 'send':
        return await send(context, args, kivi, id as string)
    }
  },
}

async function list({ stdout, signal }: CommandContext, args: CommandArguments, kivi: OpenKivi): Promise<ExitCode> {
  const answer = (await askApi(kivi, '/v1/digests?limit=1000', signal, { withLog: true })) as DigestsAnswer
  stdout.write(args.options['json'] ? `${JSON.stringify(answer)}\n` : describeList(answer.items))
  return EXIT.done
}

async function show(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  id: string,
  format: (typeof FORMATS)[number],
): Promise<ExitCode> {
  const answer = await reportOf(kivi, args, id, signal)
  if (format === 'json' || args.options['json'] === true) {
    stdout.write(`${JSON.stringify(answer)}\n`)
    return EXIT.done
  }
  const language = oneOf(args, 'lang', ['en', 'zh']) ?? (await kivi.catalog()).digests.get(id)?.language ?? 'en'
  const circumstances = { language, externalUrl: kivi.config.alerts.externalUrl }
  stdout.write(format === 'html' ? digestHtml(answer, circumstances) : digestMarkdown(answer, circumstances))
  return EXIT.done
}

async function send(
  { stdout, signal, env }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  id: string,
): Promise<ExitCode> {
  const catalog = await kivi.catalog()
  const receivers = receiversOf(catalog, id, textOption(args, 'receiver'))
  const report = await reportOf(kivi, args, id, signal)
  const language = oneOf(args, 'lang', ['en', 'zh']) ?? catalog.digests.get(id)?.language ?? null
  const outcomes: Array<{ receiver: string } & Delivery> = []
  for (const settings of receivers) {
    const receiver = createReceiver(settings, {
      ...{ env, timezone: catalog.timezone, now: Date.now },
      producer: async () => (await kivi.log()).producer(),
    })
    const { externalUrl } = kivi.config.alerts
    const options = { report, receiver, language: language ?? settings.language, externalUrl, now: Date.now(), signal }
    outcomes.push({ receiver: settings.name, ...(await tryReport(options)) })
  }
  if (args.options['json'] === true) stdout.write(`${JSON.stringify(outcomes)}\n`)
  else
    for (const { receiver, kind, answer } of outcomes)
      stdout.write(`${receiver} ${kind === 'delivered' ? 'took it' : `did not take it (${kind})`}: ${answer}\n`)
  return outcomes.every(({ kind }) => kind === 'delivered') ? EXIT.done : EXIT.findings
}

function receiversOf(catalog: Catalog, id: string, named: string | null): readonly ReceiverSettings[] {
  const definition = catalog.digests.get(id)
  if (definition === undefined) throw unknownName('digest', id, [...catalog.digests.keys()])
  const { receivers } = catalog.alerting
  if (named !== null) {
    const settings = receivers.get(named)
    if (settings === undefined) throw unknownName('receiver', named, [...receivers.keys()])
    return [settings]
  }
  const own = definition.receivers.flatMap(name => receivers.get(name) ?? [])
  if (own.length > 0) return own
  throw new KiviError('usage', `The digest ${id} has no receivers: name one with --receiver.`)
}

function reportOf(kivi: OpenKivi, args: CommandArguments, id: string, signal: AbortSignal): Promise<DigestAnswer> {
  const period = textOption(args, 'period') ?? 'latest'
  const path = `/v1/digests/${encodeURIComponent(id)}?period=${encodeURIComponent(period)}`
  return askApi(kivi, path, signal) as Promise<DigestAnswer>
}

function oneOf<T extends string>(args: CommandArguments, name: string, allowed: readonly T[]): T | null {
  const text = textOption(args, name)
  if (text === null) return null
  const known = allowed.find(one => one === text)
  if (known !== undefined) return known
  throw new KiviError('usage', `--${name} is "${text}": expected ${allowed.join(' or ')}.`)
}

function describeList(items: readonly DigestDefinitionAnswer[]): string {
  if (items.length === 0) return 'The catalog has no digests: digests.yaml would hold them.\n'
  const rows = items.map(({ digest: id, title, every, at, weekday, day, latest, next, receivers }) => [
    ...[id, title.en, `${every} ${weekday ?? (day === null ? '' : `on the ${day}.`)} ${at}`.replace(/\s+/g, ' ')],
    ...[latest.name, next.due],
    receivers.length === 0 ? 'shown only' : receivers.map(({ name, sent }) => `${name}${sent ? ' ✓' : ''}`).join(', '),
  ])
  const sendings = items.flatMap(({ digest: id, receivers }) =>
    receivers.flatMap(({ name, history }) =>
      history.map(one => [one.at, id, one.period, name, one.outcome, String(one.attempts), one.answer]),
    ),
  )
  const head = table([['id', 'title', 'due', 'latest', 'next report', 'receivers'], ...rows])
  if (sendings.length === 0) return `${head}\n`
  sendings.sort(([a = ''], [b = '']) => (a < b ? 1 : -1))
  return `${head}\n\n${table([['at', 'digest', 'period', 'receiver', 'outcome', 'attempts', 'answer'], ...sendings])}\n`
}
