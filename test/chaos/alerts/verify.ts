/** The promises about delivery, held against what came and what the log says. */
import { decidedAsWithoutStops } from './checks/decisions.ts'
import { asItWasDecided, copiesAreAlike, everythingTold, underOneKey } from './checks/delivery.ts'
import type { Evidence, Promised } from './checks/evidence.ts'
import { inOrder, nobodyDeposed } from './checks/order.ts'
import { asOftenAsInDoubt, notAfterAnAnswer, notTooSoon } from './checks/repeats.ts'

const PROMISES: readonly Promised[] = [
  decidedAsWithoutStops,
  asItWasDecided,
  everythingTold,
  underOneKey,
  copiesAreAlike,
  notAfterAnAnswer,
  asOftenAsInDoubt,
  notTooSoon,
  nobodyDeposed,
  inOrder,
]

/** What broke a promise; nothing: all were kept. */
export const findWrong = (evidence: Evidence): string[] => PROMISES.flatMap(promise => promise(evidence))
