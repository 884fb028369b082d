import type { Readable, Writable } from 'node:stream'

/** What a command answers to the shell. */
export const EXIT = {
  done: 0,
  /** finished, with refusals or findings */
  findings: 1,
  usage: 2,
  /** could not reach what it needs */
  unreachable: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The process as a command sees it, so that it can be run inside a test. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  /** aborted by Ctrl-C or SIGTERM, or when the process that started this one is gone */
  readonly signal: AbortSignal
  /** tells the process that started this one, where one did, that it runs */
  readonly ready: () => void
  /** calls back whenever the process is told (SIGHUP) to look at its catalog again */
  readonly onReload: (listener: () => void) => void
}

interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly description: string
  /** what the value is called in the help: `--mapping FILE` */
  readonly value?: string
  readonly multiple?: boolean
}

export interface CommandArguments {
  readonly positionals: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
}

export interface Command {
  readonly name: string
  /** one line for the list of commands */
  readonly summary: string
  /** the arguments after the name, as the help shows them */
  readonly usage: string
  /** further lines of the help */
  readonly description?: string
  readonly options: Readonly<Record<string, CommandOption>>
  readonly arguments: { readonly min: number; readonly max: number }
  run(context: CommandContext, args: CommandArguments): Promise<ExitCode>
}

/** The text of an option that takes a value, or null. */
export function textOption(args: CommandArguments, name: string): string | null {
  const value = args.options[name]
  return typeof value === 'string' ? value : null
}
