/** Memory of the processes that this one has started. */
import { readdirSync, readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

function children(of: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(pid => {
      try {
        // pid (name) state ppid …; the name may hold spaces and brackets
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === of
      } catch {
        return false
      }
    })
}

/** Resident bytes of all children, and of theirs. */
function resident(of: number): number {
  return children(of).reduce((sum, pid) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES + resident(pid)
    } catch {
      return sum
    }
  }, 0)
}

/** Looks ten times a second; `take` gives the most since the last time. */
export function watchMemory(): { take(): number } & Disposable {
  let most = 0
  const look = () => {
    most = Math.max(most, resident(process.pid))
  }
  const timer = setInterval(look, 100)
  return {
    take() {
      look()
      const peak = most
      most = 0
      return peak
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
