/**
 * The process that holds the engine. Its parent talks to it over the IPC channel: options come in as one message,
 * `ready` or `failed` goes back, `stop` or the end of the parent ends it.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openEngine } from './engine.ts'
import { startFront } from './front.ts'
import { createInserts } from './inserts.ts'
import type { ChildOptions, FromChild, ToChild } from './messages.ts'

const tell = (message: FromChild): void => {
  process.send?.(message)
}

async function serve(options: ChildOptions): Promise<() => Promise<void>> {
  const data = join(options.dataDir, 'engine')
  await mkdir(data, { recursive: true })
  const engine = openEngine(data, { memoryBytes: options.memoryBytes })
  const inserts = await createInserts(engine, join(options.dataDir, 'incoming'))
  const limits = {
    readSeconds: options.readSeconds,
    memoryBytes: Math.floor(options.memoryBytes * 0.6),
    resultBytes: options.resultBytes,
  }
  const front = await startFront(engine, inserts, { host: options.host, port: options.port, limits })
  tell({ type: 'ready', port: front.port, version: engine.version })
  return async () => {
    await front.close()
    engine.close()
  }
}

const started = Promise.withResolvers<ChildOptions>()
const ended = Promise.withResolvers<void>()
process.on('message', (message: ToChild) => {
  if (message.type === 'start') started.resolve(message.options)
  else ended.resolve()
})
process.once('disconnect', () => ended.resolve())
// Ctrl-C reaches the whole group; the parent decides when its clients are done with us.
process.on('SIGINT', () => undefined)
process.once('SIGTERM', () => ended.resolve())

try {
  const stop = await serve(await started.promise)
  await ended.promise
  await stop()
  process.exit(0)
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) })
  if (process.connected) process.disconnect()
  process.exitCode = 1
}
