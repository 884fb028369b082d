import { type DestinationStream, type Logger, pino } from 'pino'
import { readableLines } from './readable-lines.ts'

export type { Logger } from 'pino'

export interface LoggerOptions {
  /** name of the service, in every line */
  readonly service: string
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** default: standard error, so that standard output holds only what a command answers */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** A person at a terminal gets lines to read, everything else one JSON object a line. */
export function createLogger(options: LoggerOptions): Logger {
  const stream = options.stream ?? process.stderr
  const destination: DestinationStream =
    stream.isTTY === true ? readableLines(text => stream.write(text)) : { write: line => void stream.write(line) }
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    destination,
  )
}
