/** A report as one text in a chat's own dialect, with as many indicators as fit. */

import type { DigestAnswer } from '../types/answers.ts'
import { type DigestCircumstances, type ToldDigest, type ToldIndicator, type ToldLine, tellDigest } from './tell.ts'

/** How a chat writes; `plain` makes text mean nothing but itself, as titles and reasons come from people. */
export interface DigestDialect {
  plain(text: string): string
  bold(plain: string): string
  link(plain: string, url: string): string
  readonly paragraph: string
  readonly newline: string
}

export interface ChatDigest {
  /** in the dialect: for chats that have no place of their own for it */
  readonly title: string
  /** plain text, for a place of its own */
  readonly heading: string
  /** paragraphs: what is to be known first; then an indicator each; then what was done, and alerts; then the link */
  readonly head: readonly string[]
  readonly items: readonly string[]
  readonly foot: (shown: number) => readonly string[]
  readonly url: string | null
  readonly open: string
}

export function chatDigest(
  digest: DigestAnswer,
  circumstances: DigestCircumstances,
  dialect: DigestDialect,
): ChatDigest {
  const told = tellDigest(digest, circumstances)
  const { plain, bold, link, newline } = dialect
  const { words, url } = told
  const section = (name: string, rows: readonly string[]): string[] =>
    rows.length === 0 ? [] : [[bold(plain(name)), ...rows].join(newline)]
  const head = [
    plain([told.period, ...(told.description === '' ? [] : [told.description])].join(' · ')),
    ...told.warnings.map(warning => `⚠️ ${plain(warning)}`),
    ...(told.summary.length === 0 ? [] : [told.summary.map(plain).join(newline)]),
  ]
  const rest = [
    ...section(
      words.actions,
      told.actions.map(line => lineOf(line, dialect)),
    ),
    ...alertsOf(told, digest, dialect, section),
  ]
  return {
    ...{ title: bold(plain(told.title)), heading: told.title, head, url, open: words.open },
    items: told.indicators.map(indicator => indicatorOf(indicator, told, dialect)),
    foot(shown) {
      const more = told.indicators.length - shown
      const linked = (text: string): string => (url === null ? plain(text) : link(plain(text), url))
      return [
        ...(more > 0 ? [linked(words.moreIndicators(more))] : []),
        // where not all indicators fit nothing else does
        ...(more > 0 ? [] : rest),
        ...(more > 0 || url === null ? [] : [link(plain(words.open), url)]),
      ]
    },
  }
}

function indicatorOf(one: ToldIndicator, { words }: ToldDigest, { plain, bold, newline }: DigestDialect): string {
  const target =
    one.target === '' ? [] : [`${words.target} ${one.target}`, ...(one.attainment === '' ? [] : [one.attainment])]
  const rows = [
    `${one.icon} ${bold(plain(`${one.northStar ? '★ ' : ''}${one.name}`))} ${plain(one.value)}`,
    plain([one.status, ...target].join(' · ')),
    plain([one.change, one.trend, one.spark].filter(text => text !== '').join(' · ')),
    ...(one.notes.length === 0 ? [] : [plain(one.notes.join(' · '))]),
    ...(one.movers === null ? [] : [plain(`${one.movers.head}: ${one.movers.items.join('; ')}`)]),
  ]
  return rows.filter(text => text !== '').join(newline)
}

const lineOf = ({ icon, headline, details }: ToldLine, { plain, newline }: DigestDialect): string =>
  [`${icon} ${plain(headline)}`, ...details.map(plain)].join(newline)

function alertsOf(
  told: ToldDigest,
  { alerts }: DigestAnswer,
  dialect: DigestDialect,
  section: (name: string, rows: readonly string[]) => string[],
): string[] {
  if (told.alertsSummary === '') return []
  const rest = alerts.more > 0 ? [dialect.plain(told.words.more(alerts.more))] : []
  return section(told.words.alerts, [
    dialect.plain(told.alertsSummary),
    ...told.alerts.map(line => lineOf(line, dialect)),
    ...rest,
  ])
}
