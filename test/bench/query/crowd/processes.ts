/** The processes of the load benchmark: Kivi's own, as `kivi start` runs them, and those that press on it. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PollsAsked, PollsMeasured } from './dashboards.ts'

const KIVI = resolve(import.meta.dirname, '../../../../services/standalone/bin/kivi.mjs')

export interface Running {
  readonly pid: number
  /** of what it said: the first match of the pattern */
  said(pattern: RegExp): Promise<string>
  stop(): Promise<void>
}

/** `kivi start SERVICE` in a process of its own. */
export function startKivi(services: readonly string[], env: NodeJS.ProcessEnv, flags: readonly string[] = []): Running {
  const child = spawn(process.execPath, [...flags, KIVI, 'start', ...services], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', piece => (output += piece))
  child.stderr.on('data', piece => (output += piece))
  const gone = once(child, 'exit')
  return {
    pid: child.pid as number,
    async said(pattern) {
      for (;;) {
        const found = pattern.exec(output)
        if (found !== null) return found[1] ?? found[0]
        if (child.exitCode !== null) throw new Error(`kivi start ${services.join(' ')} ended:\n${output}`)
        await sleep(50)
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Customers who do something; resolves once the past is written. The answered function ends them. */
export async function startCustomers(options: { log: string; topic: string; rate: number; past: number }) {
  const file = join(import.meta.dirname, 'customers.ts')
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const child = fork(file, args)
  await message<{ past: true }>(child)
  return {
    kill: () => void child.kill(),
    async stop(): Promise<{ sent: number; seconds: number }> {
      const told = message<{ sent: number; seconds: number }>(child)
      child.send('end')
      return told
    },
  }
}

export async function poll(asked: PollsAsked): Promise<PollsMeasured> {
  const child = fork(join(import.meta.dirname, 'dashboards.ts'))
  try {
    child.send(asked)
    return await message<PollsMeasured>(child)
  } finally {
    child.kill()
  }
}

async function message<T>(child: ChildProcess): Promise<T> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1).join(' ')} ended with ${code} before it answered`)
  })
  const [told] = await Promise.race([once(child, 'message'), gone])
  return told as T
}

export interface Usage {
  /** resident, MB */
  readonly memory: number
  /** user and system time so far, s */
  readonly cpu: number
}

/** What a process uses now, as Linux tells it. */
export async function usageOf(pid: number): Promise<Usage> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ])
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    memory: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024,
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
  }
}
