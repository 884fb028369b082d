import { hostname } from 'node:os'

/** Released, or its process on this machine is no more. */
export function isGone({
  host,
  pid,
  released,
}: {
  readonly host: string
  readonly pid: number
  readonly released: number
}): boolean {
  if (released) return true
  if (host !== hostname() || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
