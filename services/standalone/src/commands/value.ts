import { type Command, type CommandArguments, EXIT } from '../cli/command.ts'
import { formatValue, table } from '../cli/format.ts'
import { askApi, openKivi } from '../system/open-kivi.ts'

interface ValueAnswer {
  readonly indicator: string
  readonly from: string
  readonly to: string
  readonly unit: string
  readonly value: number | null
  readonly reason?: string
  readonly interval: readonly [low: number, high: number] | null
  readonly target: number | null
  readonly status: string
  readonly complete: boolean
  readonly provisional: boolean
  readonly provisional_until: string | null
  readonly previous?: { readonly value: number | null; readonly change: number | null }
  readonly groups?: ReadonlyArray<{
    readonly by: Readonly<Record<string, string>>
    readonly value: number | null
    readonly n: number
    readonly status: string
  }>
}

/** Options that are parameters of the address, a dash in their names being an underscore there. */
const PARAMETERS = ['window', 'period', 'from', 'to', 'as-of', 'by', 'compare', 'order', 'limit'] as const

export const value: Command = {
  name: 'value',
  summary: 'Show the value of an indicator.',
  usage: 'ID [--window 1d | --period month | --from TIME --to TIME] [--by DIMENSIONS] [--filter DIM:VALUES] [--json]',
  arguments: { min: 1, max: 1 },
  options: {
    window: { type: 'string', value: 'LENGTH', description: 'a fixed length such as 15m, 1d, 30d' },
    period: { type: 'string', value: 'PERIOD', description: 'day, week, month, quarter or year that holds --to' },
    from: { type: 'string', value: 'TIME', description: 'beginning, RFC 3339' },
    to: { type: 'string', value: 'TIME', description: 'end, not included' },
    'as-of': { type: 'string', value: 'TIME', description: 'as it would have been told then; not before --to' },
    by: { type: 'string', value: 'A,B', description: 'a value for each group' },
    filter: { type: 'string', value: 'DIM:V1,V2', description: 'only these; may be repeated', multiple: true },
    compare: { type: 'string', value: 'WITH', description: 'previous, week or year' },
    order: { type: 'string', value: 'BY', description: 'value, change or volume' },
    limit: { type: 'string', value: 'N', description: 'most groups' },
    json: { type: 'boolean', description: "the API's answer as it is" },
  },
  async run({ env, stdout, signal }, args) {
    await using kivi = await openKivi(env)
    const [id = ''] = args.positionals
    const path = `/v1/indicators/${encodeURIComponent(id)}/value?${parameters(args)}`
    const answer = (await askApi(kivi, path, signal)) as ValueAnswer
    stdout.write(args.options['json'] ? `${JSON.stringify(answer)}\n` : `${describe(answer)}\n`)
    return EXIT.done
  },
}

function parameters(args: CommandArguments): string {
  const query = new URLSearchParams()
  for (const name of PARAMETERS) {
    const given = args.options[name]
    if (typeof given === 'string') query.set(name.replace('-', '_'), given)
  }
  const filters = args.options['filter']
  for (const filter of Array.isArray(filters) ? (filters as string[]) : []) query.append('filter', filter)
  return query.toString()
}

/** What is to come that can still change the value. */
const provisionalText = ({ provisional_until: until }: ValueAnswer): string =>
  until === null ? 'may still change with what is open' : `may still change until ${until}`

function describe(answer: ValueAnswer): string {
  const { indicator, unit, from, to, target, status, complete, reason } = answer
  const range = answer.interval?.map(bound => formatValue(bound, unit)).join(' to ')
  const { previous } = answer
  const parts = [
    `${indicator} ${formatValue(answer.value, unit)}${reason === undefined ? '' : ` (${reason})`}`,
    range === undefined ? null : `95 % interval ${range}`,
    previous === undefined ? null : `before ${formatValue(previous.value, unit)}`,
    target === null ? null : `target ${formatValue(target, unit)}`,
    status,
    `${from} to ${to}${complete ? '' : ', still incomplete'}`,
    answer.provisional ? provisionalText(answer) : null,
  ]
  const head = parts.filter(part => part !== null).join(' · ')
  const { groups } = answer
  if (groups === undefined) return head
  const names = Object.keys(groups[0]?.by ?? {})
  const rows = groups.map(group => [
    ...names.map(name => group.by[name] || '(none)'),
    formatValue(group.value, unit),
    String(group.n),
    group.status,
  ])
  return `${head}\n${table([[...names, 'value', 'n', 'status'], ...rows])}`
}
