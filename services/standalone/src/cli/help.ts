import type { Command } from './command.ts'

/** What `kivi --help` prints. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(command => command.name.length))
  return [
    'Kivi keeps key value indicators up to date from the stream of what customers do.',
    '',
    'Usage: kivi COMMAND',
    '',
    ...commands.map(command => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'kivi COMMAND --help tells more. Settings come from the environment (KIVI_…); the README lists them.',
    '',
  ].join('\n')
}

/** What `kivi COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = Object.entries({
    ...command.options,
    help: { type: 'boolean', description: 'this text' } as const,
  }).map(([name, option]) => [`--${name}${'value' in option ? ` ${option.value}` : ''}`, option.description] as const)
  const width = Math.max(...options.map(([name]) => name.length))
  return [
    `Usage: kivi ${command.name} ${command.usage}`.trimEnd(),
    '',
    command.summary,
    ...(command.description === undefined ? [] : ['', command.description]),
    '',
    ...options.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`),
    '',
  ].join('\n')
}
