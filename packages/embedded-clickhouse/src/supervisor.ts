import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ChildOptions, FromChild, ToChild } from './messages.ts'

export interface EmbeddedClickHouseOptions {
  /** directory of the data; one process at a time can hold it */
  readonly dataDir: string
  /** default 127.0.0.1 */
  readonly host?: string
  /** default 0: any free one, kept over restarts */
  readonly port?: number
  /** what the engine may use in all, default 1.5 GiB */
  readonly memoryBytes?: number
  /** largest answer, default 256 MiB */
  readonly resultBytes?: number
  /** longest read, default 60 s */
  readonly readSeconds?: number
  /** how long to wait for another process that holds the directory, ms; default 0: it is refused at once */
  readonly waitForDirectoryMs?: number
  /** environment added to that of the engine's process */
  readonly childEnv?: Readonly<Record<string, string>>
  readonly log?: EmbeddedClickHouseLog
}

/** What happens to the engine's process, for logs and metrics. */
export interface EmbeddedClickHouseLog {
  started(event: { readonly pid: number; readonly port: number; readonly version: string; readonly ms: number }): void
  died(event: {
    readonly pid: number
    readonly code: number | null
    readonly signal: string | null
    readonly restartInMs: number
  }): void
  said(line: string): void
}

export interface EmbeddedClickHouse {
  readonly url: string
  readonly port: number
  /** the engine's process; another one after a restart */
  readonly pid: number
  /** resolves when the engine serves (again) */
  ready(): Promise<void>
  /** lets running statements end, then ends the process */
  stop(): Promise<void>
}

const FIRST_BACKOFF_MS = 100
const LAST_BACKOFF_MS = 10_000
const STABLE_MS = 30_000
const STOP_DEADLINE_MS = 15_000

const silent: EmbeddedClickHouseLog = { started: () => undefined, died: () => undefined, said: () => undefined }

interface Running {
  readonly process: ChildProcess
  readonly port: number
  readonly since: number
}

const send = (child: ChildProcess, message: ToChild): void => {
  child.send(message)
}

/** One try: resolves when the process serves, rejects with the engine's reason when it does not. */
async function launch(
  options: ChildOptions,
  env: Readonly<Record<string, string>>,
  log: EmbeddedClickHouseLog,
): Promise<Running> {
  const since = performance.now()
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
    execArgv: [],
    // statements block a thread of the pool each; files and zlib need some too
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let heard = ''
  const listen = (text: string): void => {
    // kept for the reason of a failed start: the engine tells some of it on its standard error only
    heard = (heard + text).slice(-4000)
    log.said(text.trimEnd())
  }
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', listen)
  const closed = once(child, 'close')
  const told = new Promise<FromChild>(resolve => child.once('message', message => resolve(message as FromChild)))
  send(child, { type: 'start', options })
  const first = await Promise.race([told, closed.then(() => undefined)])
  if (first?.type === 'ready') {
    log.started({
      pid: child.pid!,
      port: first.port,
      version: first.version,
      ms: Math.round(performance.now() - since),
    })
    return { process: child, port: first.port, since }
  }
  await closed
  if (/Cannot lock file|Another server instance/.test(heard)) throw new DirectoryHeld(options.dataDir)
  throw new Error(reason(first, options, child, heard))
}

class DirectoryHeld extends Error {
  constructor(dataDir: string) {
    super(`Another process holds the data directory ${dataDir}: stop it, or set KIVI_DATA_DIR to another one.`)
  }
}

/** The first start. The engine of a parent that was killed ends by itself, but only after its last statements. */
async function launchWhenFree(patienceMs: number, attempt: () => Promise<Running>): Promise<Running> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof DirectoryHeld) || performance.now() >= until) throw error
      await pause(FIRST_BACKOFF_MS, new AbortController().signal)
    }
  }
}

function reason(told: FromChild | undefined, options: ChildOptions, child: ChildProcess, heard: string): string {
  if (told?.type !== 'failed') {
    const how = child.signalCode ?? `exit code ${child.exitCode}`
    return `The embedded ClickHouse ended while it started (${how}). ${heard.trim()}`.trim()
  }
  if (told.code === 'EADDRINUSE') {
    return `Port ${options.port} of ${options.host} is taken: stop what listens there, or set KIVI_CLICKHOUSE_PORT.`
  }
  return `The embedded ClickHouse could not start: ${told.message} ${heard.trim()}`.trim()
}

/**
 * Starts the embedded ClickHouse behind its HTTP interface, in a process of its own that is started again, with
 * growing pauses and on the same port, when it dies. It ends with this process. Rejects, with the reason, when the
 * first start fails.
 */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const log = options.log ?? silent
  const host = options.host ?? '127.0.0.1'
  const base: ChildOptions = {
    dataDir: options.dataDir,
    host,
    port: options.port ?? 0,
    memoryBytes: options.memoryBytes ?? 1.5 * 2 ** 30,
    resultBytes: options.resultBytes ?? 256 << 20,
    readSeconds: options.readSeconds ?? 60,
  }
  await mkdir(options.dataDir, { recursive: true })
  const env = options.childEnv ?? {}
  let running = await launchWhenFree(options.waitForDirectoryMs ?? 0, () => launch(base, env, log))
  const { port } = running
  let ready: Promise<void> = Promise.resolve()
  let backoff = FIRST_BACKOFF_MS
  const stopping = new AbortController()

  const watch = (): void => {
    const { process: child, since } = running
    child.once('exit', (code, signal) => {
      if (stopping.signal.aborted) return
      if (performance.now() - since > STABLE_MS) backoff = FIRST_BACKOFF_MS
      ready = revive(child.pid!, code, signal)
    })
  }
  const revive = async (pid: number, code: number | null, signal: string | null): Promise<void> => {
    log.died({ pid, code, signal, restartInMs: backoff })
    for (;;) {
      await pause(backoff, stopping.signal)
      backoff = Math.min(backoff * 2, LAST_BACKOFF_MS)
      if (stopping.signal.aborted) return
      try {
        running = await launch({ ...base, port }, env, log)
        watch()
        return
      } catch (error) {
        log.said(error instanceof Error ? error.message : String(error))
      }
    }
  }
  watch()
  return {
    url: `http://${host}:${port}`,
    port,
    get pid() {
      return running.process.pid!
    },
    ready: async () => {
      for (;;) {
        await ready
        if (stopping.signal.aborted || (await answers(`http://${host}:${port}/ping`))) return
        // its clients can learn of a death before we do
        await Promise.race([once(running.process, 'exit'), pause(FIRST_BACKOFF_MS, stopping.signal)])
      }
    },
    stop: async () => {
      stopping.abort()
      await ready
      await end(running.process)
    },
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    response => response.ok,
    () => false,
  )

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  if (child.connected) send(child, { type: 'stop' })
  const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
  await exit
  clearTimeout(deadline)
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
