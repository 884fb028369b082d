import { expect, test } from 'vitest'
import { createAlertRing } from './alert-ring.ts'

const notice = (position: number) => ({ position, indicator: null, by: {}, alert: { position } })
const positions = (found: ReadonlyArray<{ position: number }> | null) => found?.map(({ position }) => position) ?? null

test('what was missed is told as long as all of it is known', () => {
  const ring = createAlertRing({ capacity: 3 })
  expect(positions(ring.since(0))).toEqual([])
  for (const position of [2, 5, 6, 9]) ring.publish(notice(position))
  expect(ring.newest()).toBe(9)
  expect(positions(ring.since(9))).toEqual([])
  expect(positions(ring.since(5))).toEqual([6, 9])
  expect(positions(ring.since(2))).toEqual([5, 6, 9])
  // the change at 2 is forgotten, and whoever has seen less may have missed it
  expect(ring.since(1)).toBeNull()
  // of another feed
  expect(ring.since(10)).toBeNull()
})

test('a feed that begins somewhere knows nothing of what was before', () => {
  const ring = createAlertRing({ capacity: 3, begins: 40 })
  expect(ring.newest()).toBe(40)
  expect(positions(ring.since(40))).toEqual([])
  expect(ring.since(39)).toBeNull()
  ring.publish(notice(41))
  expect(positions(ring.since(40))).toEqual([41])
})

test('who subscribes hears of every change until they leave', () => {
  const ring = createAlertRing({ capacity: 1 })
  const heard: number[] = []
  const leave = ring.subscribe(({ position }) => heard.push(position))
  ring.publish(notice(1))
  ring.publish(notice(2))
  leave()
  ring.publish(notice(3))
  expect(heard).toEqual([1, 2])
})

test('positions that do not grow are refused', () => {
  const ring = createAlertRing({ capacity: 3 })
  ring.publish(notice(4))
  expect(() => ring.publish(notice(4))).toThrow('The alert feed is at 4')
})
