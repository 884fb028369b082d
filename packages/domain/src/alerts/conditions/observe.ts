/** Conditions that read an indicator: the windows that each looks at, and what it makes of their values. */
import type { Window } from '../../indicators/window.ts'
import type { Observation } from '../evaluate/observation.ts'
import { observeAbsent, windowsOfAbsent } from './absent.ts'
import { observeAnomaly, windowsOfAnomaly } from './anomaly.ts'
import { observeExpression, windowsOfExpression } from './expression.ts'
import { observePace, windowsOfPace } from './pace.ts'
import type { Reading, Subject } from './reading.ts'

/** The windows that a condition looks at to decide about an instant; its own first. */
export function windowsOf(subject: Subject, instant: number): Window[] {
  const { condition } = subject.rule
  switch (condition.kind) {
    case 'expression':
      return windowsOfExpression(condition, subject, instant)
    case 'anomaly':
      return windowsOfAnomaly(condition, subject, instant)
    case 'absent':
      return windowsOfAbsent(condition, subject, instant)
    case 'pace':
      return windowsOfPace(condition, subject, instant)
    default:
      throw new Error(`a condition ${condition.kind} reads no indicator`)
  }
}

/** What a condition makes of a group at an instant. Throws for one that reads no indicator. */
export function observeGroup(subject: Subject, reading: Reading, group: readonly string[]): Observation {
  const { condition } = subject.rule
  switch (condition.kind) {
    case 'expression':
      return observeExpression(condition, subject, reading, group)
    case 'anomaly':
      return observeAnomaly(condition, subject, reading, group)
    case 'absent':
      return observeAbsent(condition, subject, reading, group)
    case 'pace':
      return observePace(condition, subject, reading, group)
    default:
      throw new Error(`a condition ${condition.kind} reads no indicator`)
  }
}
