import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { KiviError } from '@kivi/domain'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../commands/index.ts'
import { type Command, type CommandContext, EXIT } from './command.ts'
import { runCli } from './run.ts'

const sink = () => {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      done()
    },
  })
  return Object.assign(stream, { text: () => text })
}

async function run(argv: string[], commands: readonly Command[] = COMMANDS, env: Record<string, string> = {}) {
  const [stdout, stderr] = [sink(), sink()]
  const context: CommandContext = {
    env,
    stdin: new PassThrough(),
    stdout,
    stderr,
    signal: new AbortController().signal,
    ready: () => {},
    onReload: () => {},
  }
  return { code: await runCli(commands, argv, context), out: stdout.text(), err: stderr.text() }
}

const failing = (error: unknown): Command => ({
  name: 'fail',
  summary: '',
  usage: '',
  options: {},
  arguments: { min: 0, max: 0 },
  run: () => Promise.reject(error),
})

describe('usage', () => {
  it('lists all commands, and explains each', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(EXIT.done)
    for (const { name, options } of COMMANDS) {
      expect(out).toContain(`  ${name} `)
      const help = await run([name, '--help'])
      expect(help.code).toBe(EXIT.done)
      expect(help.out).toContain(`Usage: kivi ${name}`)
      for (const option of Object.keys(options)) expect(help.out).toContain(`--${option}`)
    }
  })

  it.each([
    [[], 'Usage: kivi COMMAND'],
    [['improt'], 'did you mean "kivi import"?'],
    [['value'], 'kivi value needs ID'],
    [['check', 'more'], 'does not know what to do with "more"'],
    [['board', '--windw', '1d'], 'did you mean --window?'],
    [['value', 'ctr', '--window'], '--window'],
    [['start', 'colector'], 'did you mean collector?'],
    [['keys', 'creat', 'ann'], 'did you mean "create"?'],
    [['keys', 'create'], 'needs a NAME'],
    [['keys', 'revoke'], 'needs the id or name of a KEY'],
    [['keys', 'list', 'ann'], 'does not know what to do with "ann"'],
    [['keys', 'create', 'ann'], 'Say what the key may do: --role'],
    [['keys', 'create', 'ann', '--role', 'king'], '--role is "king": expected ingest, read, steer, admin.'],
    [['keys', 'create', 'a\nb', '--role', 'read'], 'is no name for a key'],
    [['keys', 'create', 'ann', '--role', 'read', '--only', 'region'], 'expected DIMENSION:VALUE'],
    [['keys', 'create', 'ann', '--role', 'admin', '--owner', 'x'], 'limited by --owner cannot have the role admin'],
    [
      ['keys', 'create', 'ann', '--role', 'steer', '--only', 'region:x'],
      'limited by --only cannot have the role steer',
    ],
    [['import', 'x.csv', '--mapping', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
  ])('%j is wrong usage, with a hint', async (argv, hint) => {
    const { code, out, err } = await run(argv)
    expect(code).toBe(EXIT.usage)
    expect(out).toBe('')
    expect(err).toContain(hint)
  })

  it('tells of bad settings as wrong usage', async () => {
    const { code, err } = await run(['check'], COMMANDS, { KIVI_HTTP_PORT: 'x' })
    expect([code, err]).toEqual([
      EXIT.usage,
      'KIVI_HTTP_PORT is "x": expected a port number from 0 (any free one) to 65535.\n',
    ])
  })
})

describe('exit codes', () => {
  it.each([
    [new KiviError('import_refused', 'refused'), EXIT.findings],
    [new KiviError('catalog_invalid', 'bad'), EXIT.findings],
    [new KiviError('store_unreachable', 'away'), EXIT.unreachable],
    [new KiviError('log_owned', 'taken'), EXIT.unreachable],
    [new KiviError('usage', 'how'), EXIT.usage],
  ])('%s', async (error, expected) => {
    const { code, err } = await run(['fail'], [failing(error)])
    expect([code, err]).toEqual([expected, `${error.message}\n`])
  })

  it('check says nothing of a good catalog and exits 0', async () => {
    expect(await run(['check'])).toEqual({ code: EXIT.done, out: '', err: '' })
  })

  it('check points at what is wrong and exits 1', async () => {
    const { code, out } = await run(['check'], COMMANDS, { KIVI_CATALOG: '/nowhere/at/all' })
    expect(code).toBe(EXIT.findings)
    expect(out).toMatch(/^\/nowhere\/at\/all:1:1 unreadable /)
    expect(
      JSON.parse((await run(['check', '--json'], COMMANDS, { KIVI_CATALOG: '/nowhere/at/all' })).out).problems,
    ).toHaveLength(1)
  })

  it('start refuses to serve the engine where strangers could reach it unasked', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kivi-start-'))
    const env = { KIVI_HTTP_HOST: '0.0.0.0', KIVI_DATA_DIR: directory }
    const { code, err } = await run(['start', 'embedded-clickhouse', '--quiet'], COMMANDS, env)
    await rm(directory, { recursive: true })
    expect(err).toContain('KIVI_HTTP_HOST is 0.0.0.0, which others can reach')
    expect(code).toBe(EXIT.usage)
  })
})
