/** A report as one text in a chat's own dialect, with as many indicators as fit. */

import type { DigestAnswer } from '../types/answers.ts'
import { tellDigest } from './tell.ts'
import type { DigestCircumstances, ToldDigest, ToldIndicator, ToldLine } from './told.ts'

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
  /** how many items it has: its indicators, and then what was done and the alerts as one */
  readonly items: number
  /** the first `count` items as paragraphs, after what is to be known first, before how many more there are and where */
  paragraphs(count: number): string[]
  readonly url: string | null
  /** what a link to it says */
  readonly open: string
}

/** So many actions and alerts stand in a chat; all of them are on the page. */
const MOST_LINES = 5

export function chatDigest(
  digest: DigestAnswer,
  circumstances: DigestCircumstances,
  dialect: DigestDialect,
): ChatDigest {
  const told = tellDigest(digest, circumstances)
  const { plain, bold, link, newline } = dialect
  const { words, url, indicators } = told
  const section = (name: string, rows: readonly string[]): string[] =>
    rows.length === 0 ? [] : [[bold(plain(name)), ...rows].join(newline)]
  const lines = (all: readonly ToldLine[], more: number): string[] => {
    const rest = all.length - MOST_LINES + more
    const shown = all.slice(0, MOST_LINES).map(line => lineOf(line, dialect))
    return rest > 0 && (more > 0 || all.length > MOST_LINES) ? [...shown, plain(words.more(rest))] : shown
  }
  const head = [
    plain([told.period, ...(told.description === '' ? [] : [told.description])].join(' · ')),
    ...told.warnings.map(warning => `⚠️ ${plain(warning)}`),
    ...(told.summary.length === 0 ? [] : [told.summary.map(plain).join(newline)]),
  ]
  const rest = [
    ...section(words.actions, lines(told.actions, 0)),
    ...(told.alertsSummary === ''
      ? []
      : section(words.alerts, [plain(told.alertsSummary), ...lines(told.alerts, digest.alerts.more)])),
  ]
  const linked = (text: string): string => (url === null ? plain(text) : link(plain(text), url))
  return {
    ...{ title: bold(plain(told.title)), heading: told.title, items: indicators.length + 1, url, open: words.open },
    paragraphs(count) {
      const more = indicators.length - count
      return [
        ...head,
        ...indicators.slice(0, count).map(indicator => indicatorOf(indicator, told, dialect)),
        ...(count > indicators.length ? rest : []),
        ...(more > 0 ? [linked(words.moreIndicators(more))] : url === null ? [] : [linked(words.open)]),
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
