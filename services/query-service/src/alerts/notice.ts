import type { AlertNotice, AlertState, Catalog } from '@kivi/domain'
import { createTeller } from './list.ts'
import { indicatorOf, stateOf } from './shown.ts'

/** What those who watch are told of an instance that changed; null: there is nothing to see. */
export function noticeOf(
  state: AlertState,
  id: string,
  catalog: Catalog,
  now: number,
): Omit<AlertNotice, 'position'> | null {
  const instance = state.instances.get(id)
  if (instance === undefined || stateOf(instance) === null) return null
  return {
    indicator: indicatorOf(instance, catalog)?.id ?? null,
    by: Object.fromEntries(instance.by.map((name, i) => [name, instance.group[i] ?? ''])),
    alert: createTeller({ state }, catalog, { language: 'en', now })(instance),
  }
}
