/** A report in words: what Markdown, HTML and chats say of it is the same. */
import { STATUSES } from '../../indicators/targets.ts'
import type { DigestAnswer } from '../types/answers.ts'
import { tellIndicator } from './tell-indicator.ts'
import { tellAction, tellAlert } from './tell-lines.ts'
import { clockOf, cut, MOST_NAME, MOST_TEXT } from './texts.ts'
import type { DigestCircumstances, Telling, ToldDigest } from './told.ts'
import { type DigestWords, digestWords, inLanguage } from './words.ts'

export function tellDigest(digest: DigestAnswer, circumstances: DigestCircumstances): ToldDigest {
  const { language, externalUrl, test = false, late = false, missed = [] } = circumstances
  const words = digestWords(language)
  const clock = clockOf(digest.timezone)
  const { period } = digest
  const names: Telling['names'] = new Map(digest.indicators.map(({ id, label }) => [id, inLanguage(label, language)]))
  const labelled = (head: string, id: string | null): string[] =>
    id === null ? [] : [`${head}: ${names.get(id) ?? id}`]
  const counted = STATUSES.filter(status => digest.statuses[status] > 0).map(
    status => `${digest.statuses[status]} ${words.status[status]}`,
  )
  const { fired, resolved, firing } = digest.alerts
  const telling: Telling = { digest, words, language, names, clock }
  return {
    ...{ language, words },
    title: cut(inLanguage(digest.title, language), MOST_NAME),
    period: `${words.every[digest.every]}, ${period.name === period.last ? period.name : `${period.name} – ${period.last}`}`,
    description: cut(inLanguage(digest.description, language), MOST_TEXT),
    warnings: [
      ...(test ? [words.test] : []),
      ...(period.running ? [words.running] : incompleteness(digest, words, clock)),
      ...(late ? [words.late(clock(period.due))] : []),
      ...(missed.length > 0 ? [words.missed(missed)] : []),
    ],
    summary: [
      ...(counted.length === 0 ? [] : [words.counted(counted)]),
      ...labelled(words.best, digest.best),
      ...labelled(words.worst, digest.worst),
    ],
    indicators: digest.indicators.map(indicator => tellIndicator(indicator, telling)),
    actions: digest.actions.map(action => tellAction(action, telling)),
    alertsSummary: fired + resolved === 0 ? '' : words.fired(fired, resolved, firing),
    alerts: digest.alerts.items.map(alert => tellAlert(alert, telling)),
    url: externalUrl === null ? null : pageOf(externalUrl, digest),
  }
}

function incompleteness(
  { complete, watermark }: DigestAnswer,
  words: DigestWords,
  clock: (time: string) => string,
): string[] {
  if (complete) return []
  return [watermark === null ? words.unknown : words.incomplete(clock(watermark))]
}

/** The page of a report under the base address of the pages. */
export function pageOf(externalUrl: string, { digest, period }: Pick<DigestAnswer, 'digest' | 'period'>): string {
  const url = new URL(`${externalUrl.replace(/\/+$/, '')}/digests/${encodeURIComponent(digest)}`)
  url.searchParams.set('period', period.name)
  return url.href
}
