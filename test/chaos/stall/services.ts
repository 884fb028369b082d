/** The services of a Kivi as `kivi start` makes them, each a process that is stopped, killed and started again. */
import { KIVI, type Running, start } from '../../acceptance/support/command.ts'

type Name = 'collector' | 'ingest-worker' | 'evaluator' | 'embedded-clickhouse'

const READY: Readonly<Record<Name, RegExp>> = {
  collector: /serving at http/,
  'ingest-worker': /joined the group/,
  evaluator: /metrics and health are at/,
  'embedded-clickhouse': /serving at http/,
}

interface Service {
  readonly name: Name
  process: Running
}

export class Services implements AsyncDisposable {
  readonly #env: Readonly<Record<string, string>>
  readonly #services: Service[] = []

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env
  }

  async start(...names: readonly Name[]): Promise<void> {
    const begun = names.map(name => ({ name, process: start(KIVI, ['start', name], { env: this.#env }) }))
    this.#services.push(...begun)
    await Promise.all(begun.map(({ name, process }) => process.says(READY[name])))
  }

  of(name: Name): readonly Running[] {
    return this.#services.filter(service => service.name === name).map(({ process }) => process)
  }

  /** The evaluator that the log of the alerts names: host/process. */
  evaluator(name: string): Running | undefined {
    return this.of('evaluator').find(({ pid }) => name.endsWith(`/${pid}`))
  }

  /** SIGSTOP of all of the name, or of one; gives what lets them go on. */
  stop(name: Name, only?: Running): () => Promise<void> {
    const stopped = only === undefined ? this.of(name) : [only]
    for (const process of stopped) process.killGroup('SIGSTOP')
    return async () => {
      for (const process of stopped) process.killGroup('SIGCONT')
    }
  }

  /** kill -9 of all of the name, or the signal to one; gives what starts as many anew. */
  async kill(name: Name, only?: Running, signal: NodeJS.Signals = 'SIGKILL'): Promise<() => Promise<void>> {
    const killed = only === undefined ? [...this.of(name)] : [only]
    for (const process of killed) process.killGroup(signal)
    await Promise.all(killed.map(({ ended }) => ended))
    const gone = new Set(killed)
    this.#services.splice(0, this.#services.length, ...this.#services.filter(({ process }) => !gone.has(process)))
    return () => this.start(...killed.map(() => name))
  }

  /** What all of them said, for whoever looks for a reason. */
  output(): string {
    return this.#services.map(({ name, process }) => `== ${name} ${process.pid}\n${process.output()}`).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const own = this.#services.splice(0)
    for (const { process } of own) process.killGroup('SIGKILL')
    await Promise.all(own.map(({ process }) => process.ended))
  }
}
