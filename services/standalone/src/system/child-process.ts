/**
 * A service in a process of its own, so that ingestion does not make answers wait. The child leads its own process
 * group: Ctrl-C at a terminal reaches only the main process, which stops the children in order. A child whose
 * parent is gone (killed) sees its channel close and stops by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { KiviError } from '@kivi/domain'
import type { Logger, Started } from '@kivi/service-kit'

export interface ChildOptions {
  readonly name: string
  /** script and arguments for this same Node */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly logger: Logger
  /** the child has told within this time that it is ready, ms */
  readonly readyWithinMs: number
  /** the child is gone and it was not asked to go */
  readonly onExit: (reason: string) => void
}

const running = new Set<ChildProcess>()

/** For the second Ctrl-C: the end of everything, at once. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** What a child sends its parent when its service runs. */
export const READY = { ready: true } as const

/** What a child is sent when it is to look at its catalog again. */
const RELOAD = { reload: true } as const

export const isReload = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'reload' in message

export function reloadChildren(): void {
  for (const child of running) if (child.connected) child.send(RELOAD)
}

/** Starts the child and waits until it says that it is ready. */
export async function startChild(options: ChildOptions): Promise<Started<void>> {
  const child = spawn(process.execPath, options.argv, {
    env: { ...options.env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
  running.add(child)
  const gone = Promise.withResolvers<string>()
  child.once('error', error => gone.resolve(error.message))
  child.once('exit', (code, signal) => {
    running.delete(child)
    gone.resolve(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`)
  })
  const ready = Promise.withResolvers<null>()
  child.once('message', () => ready.resolve(null))
  const timer = setTimeout(
    () => gone.resolve(`it was not ready within ${options.readyWithinMs} ms`),
    options.readyWithinMs,
  )
  const problem = await Promise.race([ready.promise, gone.promise])
  clearTimeout(timer)
  if (problem !== null) {
    child.kill('SIGKILL')
    throw new KiviError('store_unreachable', `${options.name} did not start: ${problem}`)
  }
  let stopping = false
  void gone.promise.then(reason => {
    if (!stopping) options.onExit(reason)
  })
  return {
    value: undefined,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      await gone.promise
    },
  }
}
