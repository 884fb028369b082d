/** A real Alertmanager with its amtool, as a process of this machine. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PROGRAMS = { serve: 'prometheus-alertmanager', ask: 'amtool' } as const

interface Shown {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

export interface Alertmanager {
  readonly url: string
  /** what the command printed; rejects where it fails */
  amtool(...args: readonly string[]): Promise<string>
  /** `amtool alert query` */
  query(...args: readonly string[]): Promise<Shown[]>
  stop(): Promise<void>
}

/** @param chat whom it notifies, of all alerts of a name together, a second after the first */
export async function startAlertmanager(chat: string): Promise<Alertmanager> {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-alertmanager-'))
  const config = {
    route: { receiver: 'chat', group_by: ['alertname'], group_wait: '1s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [{ name: 'chat', webhook_configs: [{ url: chat, send_resolved: true }] }],
  }
  // YAML is a superset of JSON
  await writeFile(join(directory, 'alertmanager.yml'), JSON.stringify(config))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    PROGRAMS.serve,
    [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const stop = async (): Promise<void> => {
    await end(child)
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await Promise.race([
      ready(url),
      once(child, 'exit').then(
        () => Promise.reject(new Error('Alertmanager ended by itself')),
        () => Promise.reject(new Error('prometheus-alertmanager is not here; .ci/install-tools installs it')),
      ),
    ])
  } catch (error) {
    await stop()
    throw error
  }
  const amtool = (...args: readonly string[]) => ask([`--alertmanager.url=${url}`, ...args])
  return {
    url,
    amtool,
    query: async (...args) => JSON.parse(await amtool('--output=json', 'alert', 'query', ...args)) as Shown[],
    stop,
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  child.kill()
  await once(child, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const up = await fetch(`${url}/-/ready`).then(
      answer => answer.ok,
      () => false,
    )
    if (up) return
    await sleep(50)
  }
}

function ask(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(PROGRAMS.ask, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`))
      else resolve(stdout)
    })
  })
}
