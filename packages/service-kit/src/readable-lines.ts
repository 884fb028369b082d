import { styleText } from 'node:util'

const COLOURS: Readonly<Record<string, 'red' | 'yellow' | 'cyan' | 'gray'>> = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'cyan',
}
const PLUMBING = new Set(['time', 'level', 'service', 'component', 'event', 'msg', 'err'])

/** Turns pino's JSON lines into `12:30:01 warn  ingest-worker: message (detail=…)`. */
export function readableLines(write: (text: string) => void): { write(line: string): void } {
  return {
    write(line) {
      write(readableLine(line))
    },
  }
}

/** One JSON line of pino for a person; a line that is no JSON comes back as it is. */
export function readableLine(line: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const level = String(entry['level'])
  const clock = typeof entry['time'] === 'string' ? new Date(entry['time']).toTimeString().slice(0, 8) : '--:--:--'
  const name = String(entry['component'] ?? entry['service'] ?? '')
  const details = Object.entries(entry)
    .filter(([key]) => !PLUMBING.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const head = `${styleText('gray', clock)} ${styleText(COLOURS[level] ?? 'gray', level.padEnd(5))} ${name}: ${entry['msg'] ?? ''}`
  return `${head}${details === '' ? '' : styleText('gray', ` (${details})`)}\n${errorText(entry['err'])}`
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const { stack, message } = error as { stack?: unknown; message?: unknown }
  const text = String(stack ?? message ?? '')
  return text === '' ? '' : `${text.replace(/^/gm, '    ')}\n`
}
