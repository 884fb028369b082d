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
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        log.write(chunk)
        said = (said + chunk.toString()).slice(-2_000)
      })
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`an evaluator ended while it started (${code ?? signal}): ${said}`)
    })
    // later on it is killed, and that is what it is for
    ended.catch(() => {})
    await Promise.race([once(child, 'message'), ended])
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
