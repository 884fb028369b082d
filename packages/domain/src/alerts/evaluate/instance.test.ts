import { expect, test } from 'vitest'
import type { AlertRule } from '../types/rules.ts'
import { stepInstance } from './instance.ts'
import type { Observation } from './observation.ts'

const MINUTE = 60_000
const RULE: AlertRule = {
  ...{ id: 'CtrLow', formerly: [], indicator: 'ctr', windowMs: MINUTE, by: [], filters: [], everyMs: MINUTE },
  ...{ forMs: 2 * MINUTE, keepFiringForMs: 0, noData: 'keep', minimumVolume: null, severity: 'ticket' },
  ...{ labels: {}, annotations: {}, version: 'v' },
  condition: { kind: 'absent', sinceMs: MINUTE },
}
const seen = (value: number) => ({ value, target: 0.02, n: 10, compared: {} })
const observed = (holds: boolean, value: number): Observation => ({
  ...{ group: [], fires: holds, stays: holds, lowVolume: false, seen: seen(value) },
})

test('what is pending says what was seen when it began, until it fires; the next time anew', () => {
  const at = (minute: number, holds: boolean, value: number, before?: ReturnType<typeof stepInstance>) =>
    stepInstance(before, RULE, observed(holds, value), minute * MINUTE, 0)
  const pending = at(1, true, 0.011)
  expect(pending).toMatchObject({ phase: 'pending', since: MINUTE, seen: seen(0.011) })
  // of each instant in which nothing else changes a record would be too many
  expect(at(2, true, 0.012, pending)).toBe(pending)
  const firing = at(3, true, 0.013, pending)
  expect(firing).toMatchObject({ phase: 'firing', transitions: [{ kind: 'firing', seen: seen(0.013) }] })
  expect(firing).not.toHaveProperty('seen')
  const over = at(4, false, 0.03, firing)
  expect(over?.phase).toBe('inactive')
  expect(at(5, true, 0.014, over)).toMatchObject({ phase: 'pending', seen: seen(0.014) })
})
