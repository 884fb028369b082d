import type { Catalog, Indicator } from '@kivi/domain'

export interface Group {
  readonly title: string
  readonly indicators: readonly Indicator[]
}

/** Which file of the catalog holds the indicators of which group, in the page's order. */
const GROUPS: ReadonlyArray<readonly [title: string, files: readonly string[]]> = [
  ['Advertising · 广告', ['advertising.yaml']],
  ['Service · 客户服务', ['service.yaml']],
  ['Retail and sales · 零售与销售', ['retail.yaml']],
  ['Customers over time · 客户生命周期', ['customers.yaml', 'subscriptions.yaml']],
  ['Marketing · 市场营销', ['marketing.yaml']],
  ['Site and social · 网站与社交', ['site.yaml']],
  ['Value of listening · 倾听的价值', ['voice.yaml']],
]

/** The indicators that the catalog declares, by the file in which they stand; a file of nobody's is a group by itself. */
export function groupsOf(catalog: Catalog): Group[] {
  const rest = [...catalog.files.keys()].filter(
    file => /^[^/]+\.ya?ml$/.test(file) && !GROUPS.some(([, files]) => files.includes(file)),
  )
  return [...GROUPS, ...rest.map(file => [file, [file]] as const)]
    .map(([title, files]) => ({
      title,
      indicators: files.flatMap(file =>
        declaredIn(catalog.files.get(file) ?? '').map(id => catalog.indicators.get(id)!),
      ),
    }))
    .filter(({ indicators }) => indicators.length > 0)
}

/** ids in the section `indicators`, in their order */
function declaredIn(text: string): string[] {
  const section = text.split(/^indicators:$/m)[1]?.split(/^\w/m)[0] ?? ''
  return [...section.matchAll(/^ {2}(\w+):/gm)].map(match => match[1]!)
}
