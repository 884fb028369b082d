/** Two catalogs of one shop, as they are side by side while replicas are replaced. */

interface Version {
  readonly words: string
  readonly condition: string
  readonly by: string
  readonly own: string
}

const VERSIONS: Readonly<Record<'old' | 'new', Version>> = {
  old: { words: 'growth', condition: 'value < 0.1', by: '[campaign]', own: 'OnlyOld' },
  new: { words: 'web', condition: 'value < 0.12', by: '[]', own: 'OnlyNew' },
}

/** alerts.yaml of a version: rules in other words, of another definition, of other dimensions, and of its own. */
export function alertsOf(version: 'old' | 'new', url: string): string {
  const { words, condition, by, own } = VERSIONS[version]
  const every = 'indicator: ctr, window: 1m, every: 10s, minimum_volume: 5'
  return `
alerts:
  - { alert: Reworded, ${every}, by: [campaign], condition: value < 0.1, labels: { team: ${words} }, annotations: { summary: ${words} } }
  - { alert: Redefined, ${every}, by: [campaign], condition: ${condition} }
  - { alert: Regrouped, ${every}, by: ${by}, condition: value < 0.15 }
  - { alert: ${own}, ${every}, by: [campaign], condition: value < 0.1 }
receivers:
  both: { type: webhook, url: '${url}/both' }
  ${version}: { type: webhook, url: '${url}/${version}' }
route:
  receiver: both
  group_by: [alertname, team]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 4h
  routes:
    - { receiver: both, match: ['alertname!=""'], continue: true }
    - { receiver: ${version}, match: ['alertname!=""'] }
`
}

/** What fires in the whole of it, once each: `rule campaign`. */
export const FIRING = [
  'OnlyNew spring',
  'OnlyOld spring',
  'Redefined spring',
  'Regrouped ',
  'Regrouped spring',
  'Reworded spring',
]
