/** A report as a Markdown document (GitHub's flavour, for its table). */
import type { DigestAnswer } from '../types/answers.ts'
import { tellDigest } from './tell.ts'
import type { DigestCircumstances, ToldDigest, ToldLine } from './told.ts'

export function digestMarkdown(digest: DigestAnswer, circumstances: DigestCircumstances): string {
  const told = tellDigest(digest, circumstances)
  const { words } = told
  const parts = [
    `# ${plain(told.title)}`,
    plain(told.period),
    ...(told.description === '' ? [] : [plain(told.description)]),
    ...told.warnings.map(warning => `> ⚠️ ${plain(warning)}`),
    ...(told.summary.length === 0 ? [] : [told.summary.map(plain).join('  \n')]),
    `## ${plain(words.indicators)}`,
    tableOf(told),
    ...told.indicators.flatMap(({ name, movers }) =>
      movers === null
        ? []
        : [
            [`**${plain(name)}**, ${plain(movers.head)}:`, '', ...movers.items.map(item => `- ${plain(item)}`)].join(
              '\n',
            ),
          ],
    ),
    ...(told.actions.length === 0 ? [] : [`## ${plain(words.actions)}`, told.actions.map(itemOf).join('\n')]),
    `## ${plain(words.alerts)}`,
    told.alertsSummary === '' ? plain(words.noAlerts) : plain(told.alertsSummary),
    ...(told.alerts.length === 0 ? [] : [told.alerts.map(itemOf).join('\n')]),
    ...(digest.alerts.more > 0 ? [plain(words.more(digest.alerts.more))] : []),
    ...(told.url === null ? [] : [`[${plain(words.open)}](${told.url})`]),
  ]
  return `${parts.join('\n\n')}\n`
}

function tableOf({ words, indicators }: ToldDigest): string {
  const { heads } = words
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = indicators.map(one =>
    row(
      [
        `${one.northStar ? '★ ' : ''}${one.name}`,
        [one.value, ...one.notes].join('; '),
        [one.target, one.attainment].filter(text => text !== '').join(', '),
        `${one.icon} ${one.status}`,
        ...[one.change, one.trend, one.spark],
      ].map(inline),
    ),
  )
  const names = [heads.indicator, heads.value, heads.target, heads.status, heads.change, heads.trend, heads.lately]
  return [row(names), row(names.map((_, place) => (place === 1 || place === 2 ? '--:' : '---'))), ...rows].join('\n')
}

const itemOf = ({ icon, headline, details }: ToldLine): string =>
  [`- ${icon} **${plain(headline)}**`, ...details.map(detail => `  - ${plain(detail)}`)].join('\n')

/**
 * Text that means nothing but itself, at the beginning of a line too: no link, image, HTML, heading, list, table cell or
 * emphasis.
 */
export const plain = (text: string): string =>
  inline(text)
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^([-+=])/, '\\$1')

/** The same within a line. Addresses are broken up where programs would make links of them by themselves. */
const inline = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]#|~<>]|!(?=\[)|&(?=#?\w+;)/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\.(?=\S)/gi, matched => `${matched.slice(0, -1)}\\.`)
    .replace(/@(?=\S)/g, '\\@')
