import { createImportMemory } from '@kivi/clickhouse'
import { createSchemaRegistry } from '@kivi/decoding'
import { type EventLog, KiviError, suggest } from '@kivi/domain'
import { type Command, type CommandArguments, type CommandContext, EXIT, type ExitCode } from '../cli/command.ts'
import { table } from '../cli/format.ts'
import { usageError } from '../cli/parse.ts'
import { type LetterList, listDeadLetters } from '../dead-letters/list.ts'
import { type ReplayReport, replayDeadLetters } from '../dead-letters/replay.ts'
import { type Shown, type ShownLetter, showDeadLetter } from '../dead-letters/show.ts'
import { type OpenKivi, openKivi } from '../system/open-kivi.ts'

const ACTIONS = ['list', 'show', 'replay'] as const
const DEFAULT_LIMIT = 20

export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'List, show and replay the messages that were no valid events.',
  description:
    'list     how many there are of each reason, and the newest of them\n' +
    'show ID  one of them: what is wrong, its bytes, and what it is to the catalog of today\n' +
    'replay   back into the topic of events, after a fix; each once, however often it is repeated',
  usage: 'list|show ID|replay [--reason REASON] [--limit N] [--json]',
  arguments: { min: 1, max: 2 },
  options: {
    reason: {
      type: 'string',
      value: 'REASON',
      description: 'only letters of this reason; may be repeated',
      multiple: true,
    },
    limit: { type: 'string', value: 'N', description: `most letters that are listed; ${DEFAULT_LIMIT} unless told` },
    json: { type: 'boolean', description: 'the answer as JSON' },
  },
  async run(context, args) {
    const [action, id] = args.positionals
    const known = ACTIONS.find(name => name === action)
    if (known === undefined) {
      const similar = suggest(action ?? '', ACTIONS)
      const hint = similar === null ? '' : `; did you mean "${similar}"?`
      throw usageError(deadLetters, `kivi dead-letters does not know "${action}"${hint}`)
    }
    if (known === 'show' && id === undefined)
      throw usageError(deadLetters, 'kivi dead-letters show needs the ID of a letter, as the list shows it.')
    if (known !== 'show' && id !== undefined)
      throw usageError(deadLetters, `kivi dead-letters ${known} does not know what to do with "${id}".`)
    const limit = readLimit(args)
    await using kivi = await openKivi(context.env)
    const log = await kivi.log()
    const { dead, events } = kivi.config.topics
    await log.ensureTopic(events, { partitions: 4 })
    await log.ensureTopic(dead, { partitions: 4, roomFor: events })
    // awaited here: at the end of this block what it works on is closed
    switch (known) {
      case 'list':
        return await list(context, args, kivi, log, limit)
      case 'show':
        return await show(context, args, kivi, log, id as string)
      case 'replay':
        return await replay(context, args, kivi, log)
    }
  },
}

async function list(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  log: EventLog,
  limit: number,
): Promise<ExitCode> {
  const memory = createImportMemory(await kivi.clickhouse())
  const { topics } = kivi.config
  const answer = await listDeadLetters({ log, memory, topics, reasons: reasonsOf(args), limit, signal })
  stdout.write(args.options['json'] ? `${JSON.stringify(answer)}\n` : describeList(answer, topics.dead))
  return EXIT.done
}

async function show(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  log: EventLog,
  id: string,
): Promise<ExitCode> {
  const { topics, schemaRegistry } = kivi.config
  const letter = await showDeadLetter({
    log,
    topic: topics.dead,
    id,
    catalog: await kivi.catalog(),
    registry: createSchemaRegistry({ url: schemaRegistry?.url ?? null }),
    signal,
  })
  stdout.write(args.options['json'] ? `${JSON.stringify(letter)}\n` : describeLetter(letter))
  return EXIT.done
}

async function replay(
  { stdout, signal }: CommandContext,
  args: CommandArguments,
  kivi: OpenKivi,
  log: EventLog,
): Promise<ExitCode> {
  const memory = createImportMemory(await kivi.clickhouse())
  const producer = await log.producer()
  try {
    const { topics } = kivi.config
    const report = await replayDeadLetters({ log, producer, memory, topics, reasons: reasonsOf(args), signal })
    stdout.write(args.options['json'] ? `${JSON.stringify(report)}\n` : describeReplay(report, topics.events))
    return report.inDoubt.length > 0 ? EXIT.findings : EXIT.done
  } finally {
    await producer.close()
  }
}

const reasonsOf = (args: CommandArguments): readonly string[] => {
  const given = args.options['reason']
  return Array.isArray(given) ? (given as string[]) : []
}

function readLimit(args: CommandArguments): number {
  const text = args.options['limit']
  if (text === undefined) return DEFAULT_LIMIT
  const limit = /^\d{1,6}$/.test(String(text)) ? Number(text) : 0
  if (limit > 0) return limit
  throw new KiviError('usage', `--limit is "${String(text)}": expected a number from 1 to 999999.`)
}

function describeList({ total, reasons, letters }: LetterList, topic: string): string {
  if (total === 0) return `${topic} has no dead letters.\n`
  const counts = table([
    ['reason', 'letters', 'replayed'],
    ...reasons.map(({ reason, letters, replayed }) => [reason, String(letters), String(replayed)]),
  ])
  const rows = table([
    ['id', 'set aside', 'reason', 'detail'],
    ...letters.map(({ id, at, reason, detail, replayed }) => [
      id,
      at,
      reason,
      `${detail}${replayed ? ' (replayed)' : ''}`,
    ]),
  ])
  const more = total > letters.length ? `… and ${total - letters.length} older ones; --limit lists more.\n` : ''
  return `${counts}\n\n${rows}\n${more}`
}

function describeLetter(letter: ShownLetter): string {
  const { id, reason, stage, detail, stamp, key, headers, value, bytes, today } = letter
  const text = (part: Shown) => (part === null ? 'null' : 'text' in part ? part.text : `hex ${part.hex}`)
  const now =
    'event' in today
      ? `a valid event; kivi dead-letters replay puts it back\n${JSON.stringify(today.event, null, 2)}`
      : 'reason' in today
        ? `still refused: ${today.reason}, ${today.detail}`
        : `not known: ${today.problem}`
  return [
    `id       ${id}`,
    `reason   ${reason} (${stage}): ${detail}`,
    `stamp    ${stamp ?? 'none'}`,
    `key      ${text(key)}`,
    ...headers.map(header => `header   ${header.name}: ${text(header.value)}`),
    `today    ${now}`,
    `message  ${bytes} bytes`,
    text(value),
    '',
  ].join('\n')
}

function describeReplay({ sent, before, inDoubt }: ReplayReport, topic: string): string {
  const total = Object.values(sent).reduce((sum, count) => sum + count, 0)
  const each = Object.entries(sent).map(([reason, count]) => `${count} ${reason}`)
  const many = (count: number) => `${count} dead letter${count === 1 ? '' : 's'}`
  return [
    total === 0 ? 'Nothing to replay.' : `${many(total)} put back into ${topic} (${each.join(', ')}).`,
    ...(before > 0 ? [`${many(before)} had been put back before.`] : []),
    ...(inDoubt.length > 0
      ? [
          `${many(inDoubt.length)} left out: a replay was killed while it sent them, too long ago to know whether they arrived. Look at them:`,
          ...inDoubt.map(id => `  npx kivi dead-letters show ${id}`),
        ]
      : []),
    '',
  ].join('\n')
}
