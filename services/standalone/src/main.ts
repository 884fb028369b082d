/** The process of `kivi`: signals, the environment and the parent process are met here and nowhere else. */
import { stopOnSignal } from '@kivi/service-kit'
import { runCli } from './cli/run.ts'
import { COMMANDS } from './commands/index.ts'
import { killChildren, READY } from './system/child-process.ts'

using stop = stopOnSignal(process, signal => {
  killChildren()
  process.exit(signal === 'SIGINT' ? 130 : 143)
})
const orphaned = new AbortController()
process.once('disconnect', () => orphaned.abort())
process.exitCode = await runCli(COMMANDS, process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: AbortSignal.any([stop.signal, orphaned.signal]),
  ready: () => void process.send?.(READY),
})
if (process.connected) process.disconnect()
