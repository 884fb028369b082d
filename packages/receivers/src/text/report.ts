/** A report as receivers are told it: in a chat's dialect as much as fits, to programs all of it. */
import { type ChatDigest, chatDigest, type DigestMessage, digestMarkdown, digestPageOf } from '@kivi/domain'
import { withAsMany } from './fit.ts'
import type { Dialect } from './markdown.ts'
import { timeOf } from './times.ts'

/** Longer ones nobody reads in a chat; Slack takes 50 blocks. */
const MOST_ITEMS = 31

/** @param body the whole request of these paragraphs */
export function chatReport(
  message: DigestMessage,
  dialect: Dialect,
  limitBytes: number,
  body: (paragraphs: readonly string[], report: ChatDigest) => string,
): string {
  const report = chatDigest(message.digest, message, dialect)
  return withAsMany(report.items, MOST_ITEMS, limitBytes, count => body(report.paragraphs(count), report)).text
}

/** For programs: all of it, and as Markdown too where that fits. */
export function reportPayload(message: DigestMessage, limitBytes: number): string {
  const { digest, receiver, language, key, sequence, late, missed, test, externalUrl, at } = message
  const payload = {
    ...{ version: '1', kind: 'digest', receiver, language, key, sequence, test, late, missed },
    ...{ url: externalUrl === null ? null : digestPageOf(externalUrl, digest), at: timeOf(at), digest },
  }
  const whole = JSON.stringify({ ...payload, markdown: digestMarkdown(digest, message) })
  return Buffer.byteLength(whole) <= limitBytes ? whole : JSON.stringify(payload)
}
