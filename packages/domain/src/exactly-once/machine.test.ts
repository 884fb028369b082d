import { describe, expect, it } from 'vitest'
import {
  type CutBatch,
  isQuiet,
  mayCut,
  newProtocol,
  type ProtocolAction,
  type ProtocolEvent,
  type ProtocolState,
  step,
} from './machine.ts'
import type { Plan } from './plan.ts'

const batch: CutBatch = {
  from: 10,
  to: 20,
  records: 10,
  digest: 'd',
  catalog: 'c',
  unknownSchemas: [],
  hasDeadLetters: false,
  inserts: 2,
}
const plan: Plan = { to: 20, catalog: 'c', records: 10, digest: 'd', unknownSchemas: [] }
const go = (pending: Plan | null): ProtocolEvent => ({
  type: 'position',
  decision: { kind: 'go', lineage: 'L', position: 10, plan: pending, restarted: null },
})
const committed: ProtocolEvent = { type: 'commit-answer', answer: 'committed' }
const ok: ProtocolEvent = { type: 'insert-answer', answer: 'ok' }
const doubtful: ProtocolEvent = { type: 'insert-answer', answer: 'doubtful' }
const proof = (present: boolean): ProtocolEvent => ({ type: 'proof', present })
const cut: ProtocolEvent = { type: 'cut', batch }

/** State and the actions of the last event, after all of them in order. */
function after(...events: ProtocolEvent[]): { state: ProtocolState; actions: readonly ProtocolAction[] } {
  let state: ProtocolState = newProtocol
  let actions: readonly ProtocolAction[] = []
  for (const event of [{ type: 'joined' } as const, ...events]) ({ state, actions } = step(state, event))
  return { state, actions }
}

describe('a new batch', () => {
  it('is planned by the commit that closes the one before, and written only when that is done', () => {
    const planned = after(go(null), cut)
    expect(planned.actions).toEqual([{ type: 'commit', offset: 10, mark: { lineage: 'L', plan } }])
    expect(mayCut(planned.state)).toBe(false)
    expect(after(go(null), cut, committed).actions).toEqual([{ type: 'insert', insert: 0, attempt: 1 }])
  })

  it('is written block by block; OK to a first send is OK, without a look-up', () => {
    expect(after(go(null), cut, committed, ok).actions).toEqual([{ type: 'insert', insert: 1, attempt: 1 }])
    const written = after(go(null), cut, committed, ok, ok)
    expect(written.actions).toEqual([{ type: 'written', to: 20 }])
    expect([mayCut(written.state), isQuiet(written.state)]).toEqual([true, false])
  })

  it('has its dead letters written first', () => {
    const broken: ProtocolEvent = { type: 'cut', batch: { ...batch, hasDeadLetters: true } }
    expect(after(go(null), broken, committed).actions).toEqual([{ type: 'write-dead-letters' }])
    expect(after(go(null), broken, committed, { type: 'dead-letters-written' }).actions).toEqual([
      { type: 'insert', insert: 0, attempt: 1 },
    ])
  })

  it('is closed without a next plan when nothing more comes', () => {
    const closing = after(go(null), cut, committed, ok, ok, { type: 'idle' })
    expect(closing.actions).toEqual([{ type: 'commit', offset: 20, mark: { lineage: 'L', plan: null } }])
    expect(isQuiet(step(closing.state, committed).state)).toBe(true)
  })
})

describe('a block without an answer', () => {
  const inDoubt = [go(null), cut, committed, doubtful]

  it('is looked up before anything else, and not sent again where it is there', () => {
    expect(after(...inDoubt).actions).toEqual([{ type: 'prove', insert: 0 }])
    expect(after(...inDoubt, proof(true)).actions).toEqual([{ type: 'insert', insert: 1, attempt: 1 }])
  })

  it('is sent again under its token where it is absent, and an OK is not believed without a proof', () => {
    expect(after(...inDoubt, proof(false)).actions).toEqual([{ type: 'insert', insert: 0, attempt: 1 }])
    expect(after(...inDoubt, proof(false), ok).actions).toEqual([{ type: 'prove', insert: 0 }])
  })

  it('takes another token where ClickHouse says OK and has it not', () => {
    const lost = [...inDoubt, proof(false), ok, proof(false)]
    expect(after(...lost).actions).toEqual([{ type: 'insert', insert: 0, attempt: 2 }])
    // in doubt again: the same token again, for the block may still come
    expect(after(...lost, doubtful, proof(false)).actions).toEqual([{ type: 'insert', insert: 0, attempt: 2 }])
  })
})

describe('a replay', () => {
  it('looks every block up before it is sent', () => {
    expect(after(go(plan)).actions).toEqual([{ type: 'deliver', from: 10, replay: plan, lineage: 'L' }])
    expect(after(go(plan), cut).actions).toEqual([{ type: 'prove', insert: 0 }])
    expect(after(go(plan), cut, proof(true)).actions).toEqual([{ type: 'prove', insert: 1 }])
    expect(after(go(plan), cut, proof(true), proof(false)).actions).toEqual([{ type: 'insert', insert: 1, attempt: 1 }])
  })

  it('that gives something else than planned stops the partition, and nothing is written', () => {
    const other: ProtocolEvent = { type: 'cut', batch: { ...batch, digest: 'e' } }
    expect(after(go(plan), other).actions).toMatchObject([{ type: 'stop', code: 'replay_differs' }])
    const shorter: ProtocolEvent = { type: 'cut', batch: { ...batch, to: 19 } }
    expect(after(go(plan), shorter).actions).toMatchObject([{ type: 'stop', code: 'replay_differs' }])
  })
})

describe('the end of a session', () => {
  it('a refused commit ends it quietly: somebody else goes on', () => {
    const { state, actions } = after(go(null), cut, { type: 'commit-answer', answer: 'refused' })
    expect([state.phase, actions]).toEqual(['over', []])
  })

  it('a commit without an answer is never repeated: the group is joined anew', () => {
    const { state, actions } = after(go(null), cut, { type: 'commit-answer', answer: 'ambiguous' })
    expect([state.phase, actions]).toEqual(['over', [{ type: 'rejoin', reason: 'a commit has no answer' }]])
  })

  it('lost, it takes nothing more: answers that come late change nothing', () => {
    const { state } = after(go(null), cut, committed, { type: 'lost' })
    for (const late of [ok, doubtful, proof(true), committed, cut])
      expect(step(state, late)).toEqual({ state, actions: [] })
  })

  it('what ClickHouse refuses for good stops the partition with its reason', () => {
    const refused = after(go(null), cut, committed, { type: 'insert-refused', reason: 'no such column' })
    expect(refused.actions).toMatchObject([
      { type: 'stop', code: 'store_rejected', reason: expect.stringContaining('no such column') },
    ])
  })

  it('an event that a phase cannot get is a fault of the driver, told as such', () => {
    expect(() => step(newProtocol, ok)).toThrow('event insert-answer in phase new')
  })
})
