import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * The shell between us and the command ends the command when our end of its standard input closes, which happens
 * however we end, kill -9 included: nothing that a test started outlives it. The first line is the pid,
 * written by what becomes the command, so that no line of its own can come before.
 */
const tether = `exec 3<&0
sh -c 'echo "$$"; exec "$@"' run "$@" </dev/null 3<&- & pid=$!
{ cat <&3 >/dev/null; kill -9 "$pid"; } 2>/dev/null &
exec 3<&-
wait "$pid"`

export interface Tethered {
  readonly pid: number
  /** settles when the command has ended */
  readonly exited: Promise<{ readonly code: number | null }>
  /** the last lines that it wrote, for messages */
  output(): string
  /** resolves with the first line that matches; rejects with the last output if the command ends before, or after two minutes */
  line(pattern: RegExp): Promise<string>
  signal(signal: NodeJS.Signals): void
}

export interface TetherOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const KEPT_LINES = 60
const READY_DEADLINE_MS = 120_000

/** Runs a command that dies with this process. */
export async function spawnTethered(
  command: string,
  args: readonly string[],
  options: TetherOptions = {},
): Promise<Tethered> {
  const shell = spawn('sh', ['-c', tether, 'tether', command, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  const heard = (line: string): void => {
    if (lines.push(line) > KEPT_LINES) lines.shift()
    for (const listener of listeners) listener(line)
  }
  const exited = new Promise<{ code: number | null }>(resolve => {
    shell.once('exit', code => {
      shell.stdin.destroy()
      resolve({ code })
    })
  })
  const pid = await firstLine(shell, heard)
  return {
    pid,
    exited,
    output: () => lines.join('\n'),
    line: pattern => {
      const seen = lines.find(line => pattern.test(line))
      if (seen !== undefined) return Promise.resolve(seen)
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const give = (why: string): void =>
        reject(new Error(`${command} ${why} before it was ready:\n${lines.join('\n')}`))
      const listener = (line: string): void => {
        if (pattern.test(line)) resolve(line)
      }
      const deadline = setTimeout(() => give(`took over ${READY_DEADLINE_MS / 1000} s`), READY_DEADLINE_MS)
      listeners.add(listener)
      void exited.then(({ code }) => give(`ended (${code})`))
      return promise.finally(() => {
        clearTimeout(deadline)
        listeners.delete(listener)
      })
    },
    signal: signal => {
      try {
        process.kill(pid, signal)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    },
  }
}

/** The pid, which is the first line; every later one goes to `heard`, those of the same chunk included. */
function firstLine(shell: ChildProcess, heard: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const out = createInterface({ input: shell.stdout! })
    out.once('line', pid => {
      out.on('line', heard)
      resolve(Number(pid))
    })
    createInterface({ input: shell.stderr! }).on('line', heard)
    shell.once('error', reject)
  })
}
