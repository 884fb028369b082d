import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { spawnTethered } from './tethered.ts'

test('a command gives its lines, its end and a way to signal it', async () => {
  const command = await spawnTethered('sh', ['-c', 'echo hello; exec sleep 60'])
  expect(await command.line(/hel+o/)).toBe('hello')
  command.signal('SIGTERM')
  expect((await command.exited).code).toBe(143)
})

test('a command that ends before it is ready tells why', async () => {
  const command = await spawnTethered('sh', ['-c', 'echo no such thing >&2; exit 3'])
  await expect(command.line(/ready/)).rejects.toThrow(/ended \(3\)[\s\S]*no such thing/)
})

test('a command dies with its parent, kill -9 included', async () => {
  const module = JSON.stringify(new URL('./tethered.ts', import.meta.url).href)
  const code = `const { spawnTethered } = await import(${module})
    const command = await spawnTethered('sleep', ['60'])
    process.send(command.pid)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [pid] = (await once(parent, 'message')) as [number]
  expect(process.kill(pid, 0)).toBe(true)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await expect.poll(() => isAlive(pid)).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
