import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What `npx kivi` runs. */
export const KIVI = fileURLToPath(new URL('../../../node_modules/.bin/kivi', import.meta.url))

/** How long something may take that takes at most `ms` on a machine that does nothing else, given what this one does. */
export const onThisMachine = (ms: number): number => ms * Math.max(1, loadavg()[0]! / availableParallelism())

export interface Finished {
  /** null: ended by the signal */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A process as a user at a terminal sees it: what it says so far, signals, and its end. */
export interface Running extends AsyncDisposable {
  readonly pid: number
  readonly ended: Promise<Finished>
  /** both streams so far */
  output(): string
  /** resolves with the match once it was said; rejects when the process ends first or says nothing of it in time */
  says(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
  /** the signal to its whole process group, as a terminal sends it */
  killGroup(signal: NodeJS.Signals): void
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: Uint8Array
}

/**
 * Starts a command as the leader of a process group of its own. Variables of the test's environment that would steer
 * Kivi do not reach it.
 */
export function start(command: string, args: readonly string[], options: CommandOptions = {}): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(KIVI_|NODE_ENV$|VITEST|npm_)/.test(name))
  const child = spawn(command, args, {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin)
  return running(child)
}

function running(child: ChildProcess): Running {
  let [stdout, stderr] = ['', '']
  const heard = new EventTarget()
  const hear = (text: string) => {
    heard.dispatchEvent(new Event('said'))
    return text
  }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    hear(text)
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    hear(text)
  })
  const ended = once(child, 'close').then(([code, signal]): Finished => ({ code, signal, stdout, stderr }))
  const kill = (pid: number, signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  const output = () => stdout + stderr
  return {
    pid: child.pid!,
    ended,
    output,
    async says(pattern, withinMs = 60_000) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
      const look = () => {
        const match = pattern.exec(output())
        if (match !== null) resolve(match)
      }
      const timer = setTimeout(() => reject(new Error(`it never said ${pattern}:\n${output()}`)), withinMs)
      heard.addEventListener('said', look)
      look()
      void ended.then(({ code }) => reject(new Error(`it ended (${code}) and never said ${pattern}:\n${output()}`)))
      return promise.finally(() => {
        clearTimeout(timer)
        heard.removeEventListener('said', look)
      })
    },
    kill: signal => kill(child.pid!, signal),
    killGroup: signal => kill(-child.pid!, signal),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      kill(child.pid!, 'SIGTERM')
      const timer = setTimeout(() => kill(-child.pid!, 'SIGKILL'), 20_000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** `npx kivi …` until it ends. */
export async function kivi(args: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  return start(KIVI, args, options).ended
}

/** The same where nothing but success is expected; the answer is what it printed. */
export async function kiviPrints(args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, signal, stdout, stderr } = await kivi(args, options)
  if (code !== 0) throw new Error(`kivi ${args.join(' ')} ended with ${code ?? signal}:\n${stdout}${stderr}`)
  return stdout
}
