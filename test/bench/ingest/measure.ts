import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface Measured {
  /** from spawn to the end, s */
  readonly wall: number
  /** user and system time of the process, s */
  readonly cpu: number
  /** largest resident size, MB */
  readonly peak: number
  readonly output: string
}

/** Reads /proc while the process runs; the last reading is at most 20 ms old. */
export async function measure(
  command: readonly string[],
  options: { env?: NodeJS.ProcessEnv; until?: (child: ReturnType<typeof spawn>) => Promise<void>; ipc?: boolean } = {},
): Promise<Measured> {
  const begun = performance.now()
  const child = spawn(command[0]!, command.slice(1), {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'inherit', ...(options.ipc ? (['ipc'] as const) : [])],
  })
  let output = ''
  child.stdout!.on('data', chunk => {
    output += chunk
  })
  let cpu = 0
  let peak = 0
  const read = () => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      cpu = Math.max(cpu, (Number(fields[11]) + Number(fields[12])) / 100)
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    } catch {
      // gone between two readings
    }
  }
  const timer = setInterval(read, 20)
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve))
  if (options.until) await Promise.race([options.until(child), exit])
  const wall = (performance.now() - begun) / 1000
  if (options.until && child.connected) child.send('stop')
  const code = await exit
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}\n${output}`)
  return { wall: options.until ? wall : (performance.now() - begun) / 1000, cpu, peak, output }
}
