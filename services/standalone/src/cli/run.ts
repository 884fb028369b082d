/** From the words of the command line to an exit code. Nothing throws out of here. */
import { type ErrorCode, KiviError } from '@kivi/domain'
import type { Command, CommandContext } from './command.ts'
import { EXIT, type ExitCode } from './command.ts'
import { commandHelp, overview } from './help.ts'
import { findCommand, parseCommandLine } from './parse.ts'

const EXIT_OF_ERROR: Readonly<Partial<Record<ErrorCode, ExitCode>>> = {
  usage: EXIT.usage,
  config_invalid: EXIT.usage,
  catalog_invalid: EXIT.findings,
  import_refused: EXIT.findings,
}

export async function runCli(
  commands: readonly Command[],
  argv: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const [name, ...rest] = argv
  try {
    if (name === undefined) {
      context.stderr.write(overview(commands))
      return EXIT.usage
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      const topic = rest[0]
      context.stdout.write(topic === undefined ? overview(commands) : commandHelp(findCommand(commands, topic)))
      return EXIT.done
    }
    const command = findCommand(commands, name)
    const args = parseCommandLine(command, rest)
    if (args.options['help'] === true) {
      context.stdout.write(commandHelp(command))
      return EXIT.done
    }
    return await command.run(context, args)
  } catch (error) {
    context.stderr.write(`${describeError(error)}\n`)
    return error instanceof KiviError ? (EXIT_OF_ERROR[error.code] ?? EXIT.unreachable) : EXIT.unreachable
  }
}

/** A KiviError speaks for itself; anything else is a mistake of ours, and its stack is what helps. */
function describeError(error: unknown): string {
  if (error instanceof KiviError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
