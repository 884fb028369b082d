/** A notification as one text in a receiver's dialect of Markdown. */
import type { Notification } from '@kivi/domain'
import { type Line, lineOf, pageOf, titleOf } from './message.ts'
import { wordsOf } from './words.ts'

export interface Dialect {
  /** makes text mean nothing but itself: labels come from events, and must not call people or draw links */
  plain(text: string): string
  bold(plain: string): string
  link(plain: string, url: string): string
  /** between alerts, and within one */
  readonly paragraph: string
  readonly newline: string
}

/** DingTalk, Teams: backslashes protect, HTML is shown or ignored. */
export const MARKDOWN: Dialect = {
  plain: text => oneLine(text).replace(/[\\`*_[\]#|~<>]/g, '\\$&'),
  bold: text => `**${text}**`,
  link: (text, url) => `[${text}](${webAddress(url)})`,
  paragraph: '\n\n',
  newline: '  \n',
}

/** WeCom and Feishu know no backslashes; `<@user>` and `<at>` would call people. */
export const PLAIN_MARKDOWN: Dialect = {
  ...MARKDOWN,
  plain: text => oneLine(text).replace(/[<>[\]*`]/g, character => LOOKALIKES[character as keyof typeof LOOKALIKES]),
  newline: '\n',
}

/** Slack: `<!channel>` and links are written in angle brackets, which are entities where they mean themselves. */
export const SLACK: Dialect = {
  plain: text =>
    oneLine(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // a link in Mattermost
      .replaceAll('](', '] ('),
  bold: text => `*${text}*`,
  link: (text, url) => `<${webAddress(url).replaceAll('|', '%7C')}|${text}>`,
  paragraph: '\n\n',
  newline: '\n',
}

const LOOKALIKES = { '<': '＜', '>': '＞', '[': '［', ']': '］', '*': '＊', '`': "'" } as const

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Brackets and blanks would end a link. */
const webAddress = (url: string) =>
  url.replace(/[\s()<>]/g, character => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))

/** One alert as a paragraph. */
export function paragraphOf(line: Line, dialect: Dialect): string {
  const { plain, bold, link, newline } = dialect
  const headline = plain(line.headline)
  const linked = line.alert.url === null ? bold(headline) : link(headline, line.alert.url)
  const rows = [`${line.icon} ${linked}`, plain(line.details.join(' · '))]
  if (line.description !== '') rows.push(plain(line.description))
  if (line.runbook !== null)
    rows.push(/^https?:\/\//.test(line.runbook) ? link('Runbook', line.runbook) : plain(line.runbook))
  return rows.join(newline)
}

/**
 * Title, the first `count` alerts, how many more there are and where.
 *
 * @param title false: the receiver has a place of its own for it
 */
export function markdownOf(
  notification: Notification,
  dialect: Dialect,
  { count, timezone, title }: { readonly count: number; readonly timezone: string; readonly title: boolean },
): string {
  const { plain, bold, paragraph } = dialect
  const paragraphs = [
    ...(title ? [bold(plain(titleOf(notification)))] : []),
    ...notification.alerts.slice(0, count).map(alert => paragraphOf(lineOf(alert, notification, timezone), dialect)),
    ...footerOf(notification, dialect, count),
  ]
  return paragraphs.join(paragraph)
}

/** Where the others are, and what of the group still fires. */
export function footerOf(notification: Notification, { plain, link }: Dialect, count: number): string[] {
  const words = wordsOf(notification)
  const page = pageOf(notification)
  const more = notification.alerts.length - count + notification.more
  const linked = (text: string) => (page === null ? plain(text) : link(plain(text), page))
  const resolved = notification.alerts.some(alert => alert.status === 'resolved')
  return [
    ...(resolved && notification.firingAfter > 0 ? [plain(words.firingAfter(notification.firingAfter))] : []),
    ...(more > 0 ? [linked(words.more(more))] : page === null ? [] : [linked(words.open)]),
  ]
}
