/** The process of `kivi`: signals, the environment and the parent process are met here and nowhere else. */
import { stopOnSignal } from '@kivi/service-kit'
import { runCli } from './cli/run.ts'
import { COMMANDS } from './commands/index.ts'
import { isReload, killChildren, READY, reloadChildren } from './system/child-process.ts'

using stop = stopOnSignal(process, signal => {
  killChildren()
  process.exit(signal === 'SIGINT' ? 130 : 143)
})
const orphaned = new AbortController()
process.once('disconnect', () => orphaned.abort())
const reloads = new Set<() => void>()
const reload = (): void => {
  for (const listener of reloads) listener()
  reloadChildren()
}
// at a terminal SIGHUP says that the terminal is gone, and ends the process as it always did
if (process.stderr.isTTY !== true) process.on('SIGHUP', reload)
process.exitCode = await runCli(COMMANDS, process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: AbortSignal.any([stop.signal, orphaned.signal]),
  ready: () => void process.send?.(READY),
  onReload(listener) {
    reloads.add(listener)
    if (process.connected) process.on('message', message => isReload(message) && listener())
  },
})
if (process.connected) process.disconnect()
