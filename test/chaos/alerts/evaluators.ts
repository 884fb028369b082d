/** Three evaluators, of which one leads: processes that are killed, stopped and replaced. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

export class Evaluators {
  readonly #env: NodeJS.ProcessEnv
  readonly #directory: string
  readonly #children = new Set<ChildProcess>()

  constructor(env: NodeJS.ProcessEnv, directory: string) {
    this.#env = env
    this.#directory = directory
  }

  async start(): Promise<void> {
    const child = fork(join(import.meta.dirname, 'evaluator-process.ts'), {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    const log = createWriteStream(join(this.#directory, `evaluator-${child.pid}.log`))
    child.stdout?.pipe(log)
    child.stderr?.pipe(log)
    await Promise.race([once(child, 'message'), once(child, 'exit')])
  }

  /** @param name as the log has it: host/process */
  of(name: string): ChildProcess | undefined {
    return [...this.#children].find(({ pid }) => name.endsWith(`/${pid}`))
  }

  get count(): number {
    return this.#children.size
  }

  async killAll(): Promise<void> {
    const gone = [...this.#children].map(child => once(child, 'exit'))
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(gone)
  }
}
