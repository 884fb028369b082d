import { ClickHouseError } from '@clickhouse/client'
import { KiviError } from '@kivi/domain'
import { expect, test, vi } from 'vitest'
import { backoff, classify, RETRIABLE_CODES, type RetryOptions, storeError, withRetry } from './retry.ts'

const server = (code: number, message = 'DB::Exception', type = 'TYPE') =>
  new ClickHouseError({ code: String(code), message, type })
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

const CODES = [3, 107, 159, 164, 202, 203, 209, 210, 236, 241, 242, 243, 285, 319, 425, 999]

test('the retriable codes are exactly those of the design', () => {
  expect(Object.keys(RETRIABLE_CODES).map(Number)).toEqual(CODES)
})

test.each(CODES)('code %i is retriable', code => {
  expect(classify(server(code))).toMatchObject({ kind: 'retriable', code: String(code), network: false })
})

test.each([62, 47, 16, 27, 36, 57, 117, 497, 516, 33, 6, 48])('code %i is final', code => {
  expect(classify(server(code))).toEqual({ kind: 'final', ambiguous: false, code: String(code), network: false })
})

test.each([60, 81])('code %i (unknown table or database) is retriable after a start', code => {
  expect(classify(server(code))).toMatchObject({ kind: 'starting', ambiguous: false })
})

test('252 is bounded for too many parts, final for a block over too many partitions', () => {
  expect(classify(server(252, 'Too many parts (3000). Merges are processing significantly slower')).kind).toBe(
    'bounded',
  )
  expect(classify(server(252, 'Too many partitions for single INSERT block (more than 1)')).kind).toBe('final')
})

test('the text of any other error decides nothing', () => {
  expect(classify(server(62, 'Timeout exceeded, too many parts, Code: 159')).kind).toBe('final')
  expect(classify(server(159, 'Too many partitions for single INSERT block')).kind).toBe('retriable')
})

test.each([
  ['ECONNREFUSED', false],
  ['ENOTFOUND', false],
  ['EHOSTUNREACH', false],
  ['ECONNRESET', true],
  ['EPIPE', true],
  ['ETIMEDOUT', true],
])('network error %s is retriable; ambiguous: %s', (code, ambiguous) => {
  expect(classify(network(code))).toEqual({ kind: 'retriable', ambiguous, code, network: true })
})

test('what the client throws without a code (time-out, hang-up, a proxy page) is an ambiguous outage', () => {
  for (const error of [new Error('Timeout error.'), new Error('socket hang up'), new Error('<html>502</html>')])
    expect(classify(error)).toEqual({ kind: 'retriable', ambiguous: true, code: 'none', network: true })
  expect(classify(AbortSignal.abort().reason)).toMatchObject({ kind: 'retriable', ambiguous: true })
})

test('a fault of the program is final', () => {
  for (const error of [new TypeError('x is undefined'), new RangeError('too large')])
    expect(classify(error).kind).toBe('final')
})

test('an insert is ambiguous after every error but those that refuse it unseen', () => {
  const unambiguous = CODES.filter(code => !classify(server(code)).ambiguous)
  expect(unambiguous).toEqual([164, 202, 203, 242])
})

test('an error told to a person keeps its class and its cause', () => {
  const cases = [
    [server(159), 'store_retriable'],
    [server(252), 'store_retriable'],
    [server(60), 'store_retriable'],
    [server(62), 'store_rejected'],
    [network('ECONNREFUSED'), 'store_unreachable'],
    [new TypeError('bug'), 'store_rejected'],
  ] as const
  for (const [cause, code] of cases) {
    const error = storeError(cause, 'SELECT   1\n FROM t')
    expect(error.code).toBe(code)
    expect(error.cause).toBe(cause)
    expect(error.message).toContain('SELECT 1 FROM t')
    expect(classify(error)).toEqual(classify(cause))
    expect(storeError(error, 'another')).toBe(error)
  }
})

test('Kivi’s own refusals are final', () => {
  expect(classify(new KiviError('config_invalid', 'x')).kind).toBe('final')
  expect(classify(new KiviError('store_rejected', 'x')).kind).toBe('final')
})

/** Retries on a clock of its own, which only pauses move. */
function clocked(options: RetryOptions = {}) {
  let time = 0
  const pauses: number[] = []
  const all: RetryOptions = {
    now: () => time,
    random: () => 0.5,
    pause: async ms => {
      pauses.push(ms)
      time += ms
    },
    ...options,
  }
  return { options: all, pauses }
}

const failing = (error: unknown, times: number) =>
  vi.fn(async (attempt: number) => {
    if (attempt <= times) throw error
    return attempt
  })

test('a retriable failure is repeated until it succeeds, with pauses that double up to a ceiling', async () => {
  const { options, pauses } = clocked({ firstPauseMs: 100, longestPauseMs: 1_000 })
  expect(await withRetry(failing(server(241), 7), options)).toBe(8)
  expect(pauses).toEqual([75, 150, 300, 600, 750, 750, 750])
})

test('pauses are jittered between half of the ceiling and the ceiling', () => {
  expect(backoff(3, { firstPauseMs: 100, random: () => 0 })).toBe(200)
  expect(backoff(3, { firstPauseMs: 100, random: () => 1 })).toBe(400)
  expect(backoff(1_000, { random: () => 1 })).toBe(10_000)
})

test('a final failure is thrown at once', async () => {
  const { options, pauses } = clocked()
  const work = failing(server(62), 9)
  await expect(withRetry(work, options)).rejects.toMatchObject({ code: '62' })
  expect(work).toHaveBeenCalledTimes(1)
  expect(pauses).toEqual([])
})

test('too many parts are borne a bounded number of times, other failures between do not count', async () => {
  const { options } = clocked({ boundedAttempts: 2 })
  const errors = [server(252), server(241), server(252), server(252)]
  const work = vi.fn(async (attempt: number) => {
    throw errors[attempt - 1]
  })
  await expect(withRetry(work, options)).rejects.toBe(errors[3])
  expect(work).toHaveBeenCalledTimes(4)
})

test('a missing table is waited for only some time', async () => {
  const { options } = clocked({ startingMs: 5_000, longestPauseMs: 1_000 })
  const work = failing(server(60), 1_000)
  await expect(withRetry(work, options)).rejects.toMatchObject({ code: '60' })
  expect(work.mock.calls.length).toBeGreaterThan(5)
  expect(work.mock.calls.length).toBeLessThan(15)
})

test('a deadline ends the attempts before the pause that would pass it', async () => {
  const { options, pauses } = clocked({ deadlineMs: 400, firstPauseMs: 100 })
  await expect(withRetry(failing(server(241), 99), options)).rejects.toMatchObject({ code: '241' })
  expect(pauses).toEqual([75, 150])
})

test('an abort ends a pause with the reason of the signal', async () => {
  const controller = new AbortController()
  const onRetry = () => controller.abort(new Error('stopping'))
  const work = withRetry(failing(server(241), 99), { signal: controller.signal, onRetry, firstPauseMs: 60_000 })
  await expect(work).rejects.toThrow('stopping')
})
