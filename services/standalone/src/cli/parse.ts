import { type ParseArgsConfig, parseArgs } from 'node:util'
import { KiviError, suggest } from '@kivi/domain'
import type { Command, CommandArguments } from './command.ts'

/** Finds the command, with a suggestion where the name is none. Throws KiviError usage. */
export function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find(candidate => candidate.name === name)
  if (command !== undefined) return command
  const similar = suggest(
    name,
    commands.map(candidate => candidate.name),
  )
  throw new KiviError(
    'usage',
    `kivi has no command "${name}"${similar === null ? '' : `; did you mean "kivi ${similar}"?`}\nkivi --help lists them.`,
  )
}

/** Reads what follows the command's name. Throws KiviError usage. */
export function parseCommandLine(command: Command, argv: readonly string[]): CommandArguments {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } }
  for (const [name, option] of Object.entries(command.options))
    options[name] = { type: option.type, ...(option.multiple ? { multiple: true } : {}) }
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw usageError(command, explain(error as Error, Object.keys(command.options)))
  }
  const values = { ...parsed.values } as Record<string, string | boolean | string[] | undefined>
  if (values['help'] !== true) checkCount(command, parsed.positionals)
  return { positionals: parsed.positionals, options: values }
}

export function usageError(command: Command, problem: string): KiviError {
  return new KiviError('usage', `${problem}\nUsage: kivi ${command.name} ${command.usage}`.trimEnd())
}

/** `; did you mean "ctr"?`; nothing where no name is near. */
export function meant(name: string, names: Iterable<string>): string {
  const similar = suggest(name, [...names])
  return similar === null ? '' : `; did you mean "${similar}"?`
}

/** The catalog has nothing of this name. `what` of it: `receiver`. */
export function unknownName(what: string, name: string, names: Iterable<string>): KiviError {
  const known = [...names]
  const listed = known.length === 0 ? `It has no ${what}s at all` : `It has ${known.join(', ')}`
  return new KiviError('usage', `The catalog has no ${what} "${name}"${meant(name, known) || `. ${listed}.`}`)
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const { min, max } = command.arguments
  if (positionals.length < min)
    throw usageError(command, `kivi ${command.name} needs ${command.usage.split(' [--')[0]}.`)
  if (positionals.length > max)
    throw usageError(command, `kivi ${command.name} does not know what to do with "${positionals[max]}".`)
}

function explain(error: Error & { code?: string }, known: readonly string[]): string {
  if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${error.message.split('. ')[0]}.`
  const name = /'(--?[^']+)'/.exec(error.message)?.[1] ?? ''
  const similar = suggest(name.replace(/^-+/, ''), known)
  return `There is no option ${name}${similar === null ? '' : `; did you mean --${similar}?`}.`
}
