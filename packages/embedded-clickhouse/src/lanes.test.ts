import { expect, test } from 'vitest'
import { createLanes, LaneFull } from './lanes.ts'

const never = new AbortController().signal
const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A task that notes when it begins, and ends when told. */
function task(name: string, begun: string[]): { run: () => Promise<string>; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>()
  return {
    run: () => {
      begun.push(name)
      return promise
    },
    end: () => resolve(name),
  }
}

test('a lane runs as many as it is wide, the rest in order of arrival, and lanes do not wait for each other', async () => {
  const lanes = createLanes({ write: 1, answer: 2, background: 1 })
  const begun: string[] = []
  const tasks = ['a', 'b', 'c', 'd'].map(name => task(name, begun))
  const answers = tasks.map(each => lanes.run('answer', never, each.run))
  const write = task('w', begun)
  const written = lanes.run('write', never, write.run)
  await tick()
  expect(begun).toEqual(['a', 'b', 'w'])
  tasks[1]!.end()
  await answers[1]
  await tick()
  expect(begun).toEqual(['a', 'b', 'w', 'c'])
  for (const each of [...tasks, write]) each.end()
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd'])
  await written
  await lanes.idle()
  expect(lanes.pending()).toBe(0)
})

test('a task that is given up while it waits never begins, and its place goes on', async () => {
  const lanes = createLanes({ write: 1, answer: 1, background: 1 })
  const begun: string[] = []
  const [first, second, third] = ['a', 'b', 'c'].map(name => task(name, begun))
  const gone = new AbortController()
  const running = lanes.run('answer', never, first!.run)
  const dropped = lanes.run('answer', gone.signal, second!.run)
  const last = lanes.run('answer', never, third!.run)
  gone.abort(new Error('gone'))
  first!.end()
  await running
  await expect(dropped).rejects.toThrow('gone')
  third!.end()
  await last
  expect(begun).toEqual(['a', 'c'])
})

test('a failed task frees its place, and a full lane refuses', async () => {
  const lanes = createLanes({ write: 1, answer: 1, background: 1 }, 1)
  await expect(lanes.run('write', never, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  const blocker = task('a', [])
  const running = lanes.run('write', never, blocker.run)
  const waiting = lanes.run('write', never, () => Promise.resolve('b'))
  await expect(lanes.run('write', never, () => Promise.resolve('c'))).rejects.toThrow(LaneFull)
  blocker.end()
  expect(await Promise.all([running, waiting])).toEqual(['a', 'b'])
})
