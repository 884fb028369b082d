import { loadCatalogFiles } from '../load.ts'
import { formatProblem } from '../problems.ts'

const optional = (name: string, type: unknown): object => ({ name, type: ['null', type], default: null })

/** A catalog of three event types; `files` replaces or adds files by name. */
export function sampleFiles(files: Readonly<Record<string, string>> = {}): Map<string, string> {
  const target = { type: 'enum', name: 'target', symbols: ['ad', 'email', 'cta'] }
  const events: Record<string, object[]> = {
    click: [optional('target', target)],
    impression: [optional('target', target), optional('ad_id', 'string')],
    purchase: [
      { ...optional('order_id', 'string'), identifier: true, default_from: 'event_id' },
      { name: 'amount', type: 'double' },
      optional('quantity', 'long'),
    ],
  }
  const schemas = Object.entries(events).map(
    ([name, fields]) => [`events/${name}.avsc`, JSON.stringify({ type: 'record', name, fields }, null, 2)] as const,
  )
  const settings = 'timezone: Asia/Shanghai\ncurrency: CNY\n'
  return new Map([['kivi.yaml', settings], ...schemas, ...Object.entries(files)])
}

/** what is wrong with the sample catalog and one more file, `my.yaml`, as lines */
export function problemsOf(yaml: string, files: Readonly<Record<string, string>> = {}): string[] {
  return (loadCatalogFiles(sampleFiles({ 'my.yaml': yaml, ...files })).problems ?? []).map(formatProblem)
}
