import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LogLeadership } from './leadership.ts'
import { endOf, now } from './lease.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a lease', () => {
  test('ends by the monotonic clock where the wall clock stands still or is set back', () => {
    const begin = now()
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(endOf(begin, 1_000) - performance.now()).toBe(1_000)
    vi.advanceTimersByTime(400)
    expect(endOf(begin, 1_000) - performance.now()).toBe(600)
  })

  test('ends by the wall clock where the machine slept, which the monotonic clock does not see', () => {
    const begin = now()
    vi.setSystemTime(Date.now() + 900)
    expect(endOf(begin, 1_000) - performance.now()).toBe(100)
    vi.setSystemTime(Date.now() + 60_000)
    expect(endOf(begin, 1_000)).toBeLessThan(performance.now())
  })
})

describe('a leadership', () => {
  const lead = (append = async () => {}) => {
    let acknowledged = now()
    const leadership = new LogLeadership({ epoch: 1, leaseUntil: () => endOf(acknowledged, 1_000), append })
    const renew = () => {
      acknowledged = now()
    }
    return { leadership, renew }
  }

  test('leads as long as its lease is renewed, and is told to be over when it is not', async () => {
    const { leadership, renew } = lead()
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(800)
      expect(leadership.leads()).toBe(true)
      renew()
    }
    await vi.advanceTimersByTimeAsync(999)
    expect(leadership.leads()).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(leadership.leads()).toBe(false)
    expect(await leadership.over).toMatch(/lease/)
  })

  test('never leads again once its lease was over, though it is renewed later', () => {
    const { leadership, renew } = lead()
    vi.setSystemTime(Date.now() + 5_000)
    expect(leadership.leads()).toBe(false)
    renew()
    expect(leadership.leads()).toBe(false)
    expect(leadership.leaseUntil()).toBe(0)
  })

  test('an append that hangs is over with the lease: whether it was done is for the next leader to see', async () => {
    const { leadership } = lead(() => new Promise<never>(() => {}))
    const append = leadership.append([{ key: 'a', value: '1' }])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await append).toBe('ended')
  })

  test('an append that was done after the lease ran out does not count as this leader’s', async () => {
    const { leadership } = lead(() => new Promise(resolve => setTimeout(resolve, 1_500)))
    const append = leadership.append([{ key: 'a', value: '1' }])
    await vi.advanceTimersByTimeAsync(1_500)
    expect(await append).toBe('ended')
    expect(await leadership.append([{ key: 'a', value: '2' }])).toBe('ended')
  })
})
