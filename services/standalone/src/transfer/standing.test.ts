import { expect, it } from 'vitest'
import { standingOf } from './standing.ts'

const remembered = (position: number, sending = position) => ({ position, sending, total: 100, step: 3 })

it.each([
  ['nobody knows of it', null, null, { kind: 'new' }],
  ['only the log knows of it', 40, null, { kind: 'at', position: 40 }],
  ['the log knows that it is finished', 100, remembered(60, 100), { kind: 'finished', position: 100 }],
  ['the log tells what became of the transaction under way', 40, remembered(40, 60), { kind: 'at', position: 40 }],
  ['the log was put back to an earlier state', 20, remembered(60), { kind: 'at', position: 60 }],
  ['the log forgot that it is finished', null, remembered(100), { kind: 'finished', position: 100 }],
  ['the log forgot, and nothing was under way', null, remembered(60), { kind: 'at', position: 60 }],
  [
    'the log forgot what became of the transaction under way',
    null,
    remembered(60, 80),
    { kind: 'in_doubt', position: 60, sending: 80 },
  ],
])('%s', (_case, logged, memory, standing) => {
  expect(standingOf(logged, memory, 100)).toEqual(standing)
})
