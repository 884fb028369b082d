import { type Command, EXIT, textOption } from '../cli/command.ts'
import { formatValue, sparkLine, table } from '../cli/format.ts'
import { askApi, openKivi } from '../system/open-kivi.ts'

interface BoardAnswer {
  readonly at: string
  readonly indicators: ReadonlyArray<{
    readonly id: string
    readonly label: { readonly en: string }
    readonly unit: string
    readonly value: number | null
    readonly target: number | null
    readonly status: string
    readonly spark: ReadonlyArray<number | null>
  }>
}

export const board: Command = {
  name: 'board',
  summary: 'Show all indicators of the board with target and status.',
  usage: '[--window 1d] [--level LEVEL] [--owner OWNER] [--json]',
  arguments: { min: 0, max: 0 },
  options: {
    window: { type: 'string', value: 'LENGTH', description: 'a fixed length such as 15m, 1d, 30d' },
    level: { type: 'string', value: 'LEVEL', description: 'company, department, team, project or individual' },
    owner: { type: 'string', value: 'OWNER', description: 'only what this owner answers for' },
    json: { type: 'boolean', description: "the API's answer as it is" },
  },
  async run({ env, stdout, signal }, args) {
    await using kivi = await openKivi(env)
    const query = new URLSearchParams()
    for (const name of ['window', 'level', 'owner']) {
      const given = textOption(args, name)
      if (given !== null) query.set(name, given)
    }
    const answer = (await askApi(kivi, `/v1/board?${query}`, signal)) as BoardAnswer
    stdout.write(args.options['json'] ? `${JSON.stringify(answer)}\n` : `${describe(answer)}\n`)
    return EXIT.done
  },
}

const describe = ({ at, indicators }: BoardAnswer): string =>
  `The board as of ${at}\n${table([
    ['id', 'indicator', 'value', 'target', 'status', 'lately'],
    ...indicators.map(({ id, label, unit, value, target, status, spark }) => [
      id,
      label.en,
      formatValue(value, unit),
      formatValue(target, unit),
      status,
      sparkLine(spark),
    ]),
  ])}`
