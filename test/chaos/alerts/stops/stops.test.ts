import { expect, it } from 'vitest'
import { MINUTE } from '../../../integration/alerts/shop.ts'
import { runStops } from './run.ts'

const CATCH_UP = 70 * MINUTE

/** The short form of `npm run chaos -- stops`, with more stops and one of longer than a day. */
it('an evaluator that is killed decides the same at the same instants as one that never is', {
  timeout: 240_000,
}, async () => {
  const { always, stopped, kills, beyond } = await runStops({
    ...{ seed: Date.now() % 1_000_000, stops: 0, catchUpMs: CATCH_UP, report: line => console.log(line) },
  })
  expect(stopped).toEqual(always)
  expect(always.filter(line => line.includes('firing')).length).toBeGreaterThan(10)
  const phases = kills.flatMap(kill => kill.phases)
  expect(phases).toEqual(expect.arrayContaining(['Quick pending', 'CtrLow keeping', 'Slow pending']))

  // longer than is caught up on: the history says so; what fired fires, what was pending begins anew
  expect(beyond.gaps).toEqual(beyond.expectedGaps)
  expect(beyond.before.map(({ rule, phase }) => `${rule} ${phase}`)).toEqual([
    'CtrLow firing',
    'Quick firing',
    'Slow firing',
  ])
  expect(beyond.after.map(({ phase, startsAt }) => [phase, startsAt])).toEqual(
    beyond.before.map(({ startsAt }) => ['firing', startsAt]),
  )
  expect(beyond.pendingAnew.filter(line => line.startsWith('Slow'))).toEqual(beyond.expectedAnew)
})
