import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Arm, WorkerSays } from './messages.ts'

/** One of the two workers: a process that is killed, stopped and replaced. */
export class ChaosWorker {
  readonly #env: NodeJS.ProcessEnv
  readonly #log: string
  #child: ChildProcess | null = null
  /** what it said when it gave up by itself, which it never should */
  failure: string | null = null

  constructor(env: NodeJS.ProcessEnv, logFile: string) {
    this.#env = env
    this.#log = logFile
  }

  async start(): Promise<void> {
    const child = fork(join(import.meta.dirname, 'worker-process.ts'), {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    const log = createWriteStream(this.#log, { flags: 'a' })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    child.once('exit', () => log.end())
    const ready = new Promise<void>(resolve => {
      child.on('message', message => {
        const said = message as WorkerSays
        if (said.type === 'failed') this.failure = said.message
        resolve()
      })
    })
    await Promise.race([ready, once(child, 'exit')])
  }

  get alive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  arm(arm: Arm): void {
    if (this.alive) this.#child!.send(arm)
  }

  signal(signal: NodeJS.Signals): void {
    if (this.alive) this.#child!.kill(signal)
  }

  /** resolves true once the process is gone or stopped, false where neither happens in time */
  async struck(withinMs: number): Promise<boolean> {
    const end = performance.now() + withinMs
    while (performance.now() < end) {
      if (!this.alive || (await this.#isStopped())) return true
      await sleep(20)
    }
    return false
  }

  async gone(): Promise<void> {
    if (this.alive) await once(this.#child!, 'exit')
  }

  async #isStopped(): Promise<boolean> {
    const stat = await readFile(`/proc/${this.#child!.pid}/stat`, 'utf8').catch(() => ') Z')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  }
}
