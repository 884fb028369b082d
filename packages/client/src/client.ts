import { readEvents } from './event-stream.ts'
import { OPERATIONS } from './generated/operations.ts'
import { addressOf, type ClientOptions, createSend, type Parameters, type Send } from './request.ts'
import { type KiviEvent, type StreamOptions, stream } from './stream.ts'
import type { Answer, Asked, CallOptions, Methods, Operation } from './types.ts'
import { type WatchOptions, watch } from './watch.ts'

/** Everything that the API answers, as methods named as its operations: `kivi.value({ id: 'ctr', window: '7d' })`. */
export interface Kivi extends Methods {
  /** each answer that differs from the one before, for as long as one listens */
  watch<O extends Operation>(
    operation: O,
    asked: Asked<O>,
    options?: WatchOptions,
  ): AsyncGenerator<Answer<O>, void, undefined>
  /** what happens, as it happens: values of the board and alerts; connects anew by itself and misses nothing */
  live(options?: StreamOptions): AsyncGenerator<KiviEvent, void, undefined>
  /** the answer as a table (RFC 4180), where the operation has one */
  csv<O extends Operation>(operation: O, asked: Asked<O>, options?: CallOptions): Promise<string>
  /** address of an operation, from the root of the host: for links */
  address<O extends Operation>(operation: O, asked: Asked<O>): string
}

/**
 * A client of one Kivi. It keeps no state and opens nothing before it is asked.
 * Whatever goes wrong is thrown as a KiviProblem; an abort of the caller's as the reason of their signal.
 */
export function createKivi(options: ClientOptions = {}): Kivi {
  const send = createSend(options)
  const methods = Object.fromEntries(Object.keys(OPERATIONS).map(name => [name, methodOf(send, name as Operation)]))
  return {
    ...(methods as unknown as Methods),
    watch: <O extends Operation>(operation: O, asked: Asked<O>, how: WatchOptions = {}) =>
      watch(send, operation, asked as Parameters, how) as AsyncGenerator<Answer<O>, void, undefined>,
    live: (how = {}) => stream(send, readEvents, how),
    csv: (operation, asked, how) =>
      send(operation, asked as Parameters, { accept: 'text/csv' }, how, response => response.text()),
    address: (operation, asked) => addressOf(operation, asked as Parameters),
  }
}

const methodOf =
  (send: Send, operation: Operation) =>
  (asked: Parameters = {}, options?: CallOptions): Promise<unknown> =>
    send(operation, asked, { accept: 'application/json' }, options, response => response.json())
