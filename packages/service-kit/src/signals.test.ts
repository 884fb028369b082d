import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { stopOnSignal } from './signals.ts'

test('the first signal stops, its echo from npm does nothing, a later one forces', () => {
  const source = new EventEmitter()
  const forced: string[] = []
  let time = 5_000
  using stop = stopOnSignal(
    source,
    signal => forced.push(signal),
    () => time,
  )
  expect(stop.signal.aborted).toBe(false)
  source.emit('SIGINT')
  expect(stop.signal.reason).toBe('SIGINT')
  time += 20
  source.emit('SIGINT')
  expect(forced).toEqual([])
  time += 1_500
  source.emit('SIGTERM')
  expect(forced).toEqual(['SIGTERM'])
})

test('nobody listens any more once it is disposed of', () => {
  const source = new EventEmitter()
  {
    using _ = stopOnSignal(source, () => undefined)
    expect(source.listenerCount('SIGINT')).toBe(1)
  }
  expect([source.listenerCount('SIGINT'), source.listenerCount('SIGTERM')]).toEqual([0, 0])
})
