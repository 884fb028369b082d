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

/** What routes make of labels. */
export interface Placed {
  /** the first route that leads to each receiver */
  readonly receivers: ReadonlyMap<string, Route>
  /** what goes to a receiver by a route */
  lane(receiver: string, route: Route): { readonly lane: string; readonly group: Record<string, string> }
}

/** Labels and routes stay the same from step to step, and each step asks for every alert. */
const placed = new WeakMap<Labels, { readonly root: Route; readonly placed: Placed }>()

export function placeOf(root: Route, labels: Labels): Placed {
  const known = placed.get(labels)
  if (known?.root === root) return known.placed
  const receivers = new Map<string, Route>()
  for (const route of routesOf(root, labels)) if (!receivers.has(route.receiver)) receivers.set(route.receiver, route)
  const lanes = new Map<string, { route: Route; found: ReturnType<Placed['lane']> }>()
  const place: Placed = {
    receivers,
    lane(receiver, route) {
      const made = lanes.get(receiver)
      if (made?.route === route) return made.found
      const group = groupOf(route, labels)
      const found = { lane: laneOf(receiver, group), group }
      lanes.set(receiver, { route, found })
      return found
    },
  }
  placed.set(labels, { root, placed: place })
  return place
}

/** Labels that make the group; a label that the alert lacks is ''. */
export function groupOf({ groupBy }: Route, labels: Labels): Record<string, string> {
  const names = groupBy.includes('...') ? Object.keys(labels).sort() : groupBy
  return Object.fromEntries(names.map(name => [name, labels[name] ?? '']))
}

/** The name of what goes to one receiver about one group. */
export const laneOf = (receiver: string, group: Labels): string =>
  `${receiver}/${JSON.stringify(Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1)))}`
