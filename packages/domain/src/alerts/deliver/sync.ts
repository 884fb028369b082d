/** What an Alertmanager is told: it is synchronised, not notified, and does its own grouping and repeating. */
import { isActive } from '../evaluate/rule.ts'
import { AlertDraft, type AlertState } from '../state.ts'
import type { Alerting } from '../types/alerting.ts'
import type { NotifiedAlert } from '../types/notifications.ts'
import { createMutes, ENDED_FOR_MS } from './deliver.ts'
import { alertsOf, type Wording } from './message.ts'
import { routesOf } from './route.ts'

/**
 * All that fires and goes to the receiver, and what ended in the last 15 minutes. To be sent every minute: what is not
 * sent any more ends there by itself, 15 minutes later.
 */
export function alertsToSync(
  state: AlertState,
  receiver: string,
  { alerting, wording, now }: { readonly alerting: Alerting; readonly wording: Wording; readonly now: number },
): NotifiedAlert[] {
  const settings = alerting.receivers.get(receiver)
  const root = alerting.route
  if (settings === undefined || root === null) return []
  const mutes = createMutes(new AlertDraft(state), { alerting, now })
  return [...state.instances.values()].flatMap(instance => {
    const route = routesOf(root, instance.labels).find(one => one.receiver === receiver)
    const last = instance.transitions.at(-1)
    if (route === undefined || last === undefined) return []
    const fires = isActive(instance)
    if (!fires && now - last.decidedAt >= ENDED_FOR_MS) return []
    const episode = { startsAt: last.startsAt, endsAt: fires ? null : last.instant }
    if (mutes(instance, episode, route) !== null) return []
    return alertsOf(instance, [last.number, last.number], settings, wording)
  })
}
