export type { Command, CommandContext, ExitCode } from './cli/command.ts'
export { runCli } from './cli/run.ts'
export { COMMANDS } from './commands/index.ts'
