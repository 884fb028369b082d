/** Which receivers an alert goes to, and in which group. */
import type { Route } from '../types/routing.ts'
import { type Labels, matchesAll } from './matchers.ts'

/** The routes that take an alert, at least one: the tree's root takes what no other does. */
export function routesOf(root: Route, labels: Labels): readonly Route[] {
  const found: Route[] = []
  for (const route of root.routes) {
    if (!matchesAll(route.matchers, labels)) continue
    found.push(...routesOf(route, labels))
    if (!route.continue) break
  }
  return found.length > 0 ? found : [root]
}

/** Labels that make the group; a label that the alert lacks is ''. */
export function groupOf({ groupBy }: Route, labels: Labels): Record<string, string> {
  const names = groupBy.includes('...') ? Object.keys(labels).sort() : groupBy
  return Object.fromEntries(names.map(name => [name, labels[name] ?? '']))
}

/** The name of what goes to one receiver about one group. */
export const laneOf = (receiver: string, group: Labels): string =>
  `${receiver}/${JSON.stringify(Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1)))}`
