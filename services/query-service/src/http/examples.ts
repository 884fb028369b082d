/** What parameters look like, for people who read the document and for programs that try it out. */

const EXAMPLES: Readonly<Record<string, unknown>> = {
  window: '7d',
  period: 'month',
  from: '2026-03-01T00:00:00Z',
  to: '2026-03-08T00:00:00Z',
  as_of: '2026-03-09T00:00:00Z',
  by: 'campaign',
  filter: ['campaign:spring,summer'],
  compare: 'previous',
  order: 'volume',
  step: '1h',
  level: 'company',
  owner: 'growth',
  limit: 100,
  cursor: 'Y3Ry',
  format: 'csv',
  id: 'ctr',
  name: 'market_size',
  indicator: 'ctr',
  control: 'region:south',
  per: 'month',
  periods: 12,
  lags: 14,
  x: 'ctr',
  y: 'clicks',
  entity: 'person',
  first: 'purchases',
  again: 'purchases',
  rule: 'on_or_after',
  segments: 'value',
  method: 'limits',
  actor: 'ann',
  alert: '9f86d081884c7d65',
  subject: 'ctr',
  query: 'kivi_ctr{campaign="spring"}',
  time: '2026-03-08T00:00:00Z',
  start: '2026-03-01T00:00:00Z',
  end: '2026-03-08T00:00:00Z',
  'match[]': ['kivi_ctr'],
  metric: 'kivi_ctr',
  'last-event-id': '1-42',
  lang: 'zh',
}

/** Where the name alone does not tell what is meant. */
const OF_PATHS: ReadonlyArray<readonly [path: RegExp, examples: Readonly<Record<string, unknown>>]> = [
  [/^\/v1\/funnels\//, { id: 'checkout', by: 'channel' }],
  [/^\/v1\/digests\//, { id: 'weekly_review', period: 'latest', format: 'markdown' }],
  [/^\/v1\/alerts\//, { id: '9f86d081884c7d65' }],
  [/^\/v1\/(actions|silences)\//, { id: '7b0c5f5e-6d1a-4f1b-9a55-2b1f6a0f5d11' }],
  [/^\/prometheus\//, { step: '1h', name: 'campaign', limit: 100 }],
]

/** An example of a parameter; undefined where there is none. */
export const exampleOf = (path: string, parameter: string): unknown =>
  OF_PATHS.find(([pattern]) => pattern.test(path))?.[1][parameter] ?? EXAMPLES[parameter]
