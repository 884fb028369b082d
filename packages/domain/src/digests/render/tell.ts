/** A report in words, before any syntax: what Markdown, HTML and chats say of it is the same. */
import { showValue } from '../../alerts/deliver/values.ts'
import { STATUSES, type Status } from '../../indicators/targets.ts'
import { createZone } from '../../windows/index.ts'
import type { DigestAction, DigestAlert, DigestAnswer, DigestGroup, DigestIndicator } from '../types/answers.ts'
import { type DigestLanguage, type DigestWords, digestWords, inLanguage } from './words.ts'

/** What is said beside the report itself. */
export interface DigestCircumstances {
  readonly language: DigestLanguage
  /** base address of the pages; null: nobody said */
  readonly externalUrl: string | null
  readonly test?: boolean
  readonly late?: boolean
  readonly missed?: readonly string[]
}

export interface ToldIndicator {
  readonly id: string
  readonly icon: string
  readonly name: string
  readonly northStar: boolean
  readonly value: string
  /** '' where there is none, as all that follows */
  readonly target: string
  readonly attainment: string
  readonly status: string
  readonly kind: Status
  readonly change: string
  /** is the change for the better; null: neither */
  readonly good: boolean | null
  readonly trend: string
  readonly spark: string
  /** what is to be known of the value: that it may change, … */
  readonly notes: readonly string[]
  /** the groups that moved most, with what they are groups of */
  readonly movers: { readonly head: string; readonly items: readonly string[] } | null
}

export interface ToldLine {
  readonly icon: string
  readonly headline: string
  readonly details: readonly string[]
}

export interface ToldDigest {
  readonly language: DigestLanguage
  readonly words: DigestWords
  readonly title: string
  /** `Weekly report, 2026-11-16 – 2026-11-22` */
  readonly period: string
  readonly description: string
  /** what is to be known before the numbers are read */
  readonly warnings: readonly string[]
  /** how many are on track, at risk, …; the best and the worst */
  readonly summary: readonly string[]
  readonly indicators: readonly ToldIndicator[]
  readonly actions: readonly ToldLine[]
  /** counts of alerts; '' where none fired or ended */
  readonly alertsSummary: string
  readonly alerts: readonly ToldLine[]
  /** the report's own page; null: nobody said where the pages are */
  readonly url: string | null
}

const ICONS: Readonly<Record<Status, string>> = {
  ...{ on_track: '🟢', at_risk: '🟡', off_track: '🔴' },
  ...{ provisional: '⚪', no_target: '⚪', no_data: '⚫' },
}
const MOST_NAME = 120
const MOST_TEXT = 500

export function tellDigest(digest: DigestAnswer, circumstances: DigestCircumstances): ToldDigest {
  const { language, externalUrl, test = false, late = false, missed = [] } = circumstances
  const words = digestWords(language)
  const clock = clockOf(digest.timezone)
  const { period } = digest
  const names = new Map(digest.indicators.map(({ id, label }) => [id, inLanguage(label, language)]))
  const labelled = (head: string, id: string | null): string[] =>
    id === null ? [] : [`${head}: ${names.get(id) ?? id}`]
  const counted = STATUSES.filter(status => digest.statuses[status] > 0).map(
    status => `${digest.statuses[status]} ${words.status[status]}`,
  )
  const { fired, resolved, firing } = digest.alerts
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
    indicators: digest.indicators.map(indicator => tellIndicator(indicator, digest, words, language, clock)),
    actions: digest.actions.map(action => tellAction(action, digest, words, language, names, clock)),
    alertsSummary: fired + resolved === 0 ? '' : words.fired(fired, resolved, firing),
    alerts: digest.alerts.items.map(alert => tellAlert(alert, digest, words, language, names, clock)),
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

function tellIndicator(
  indicator: DigestIndicator,
  { every, currency }: DigestAnswer,
  words: DigestWords,
  language: DigestLanguage,
  clock: (time: string) => string,
): ToldIndicator {
  const { value, target, attainment, status, previous, trend, unit, reason } = indicator
  const show = (number: number | null): string => showValue(number, { unit, currency }, language)
  const change = previous?.change ?? null
  const notes = [
    ...(value === null && reason !== null && words.reasons[reason] !== undefined ? [words.reasons[reason]] : []),
    ...(indicator.provisional
      ? [
          indicator.provisional_until === null
            ? words.mayChange
            : words.mayChangeUntil(clock(indicator.provisional_until)),
        ]
      : []),
    ...(indicator.complete ? [] : [words.notComplete]),
    ...(indicator.revised ? [words.revised] : []),
  ]
  return {
    id: indicator.id,
    icon: ICONS[status],
    name: cut(inLanguage(indicator.label, language), MOST_NAME),
    northStar: indicator.north_star,
    value: show(value),
    target: target === null ? '' : show(target),
    attainment: attainment === null ? '' : words.attained(percent(attainment, language)),
    status: words.status[status],
    kind: status,
    change: change === null ? '' : `${signed(change, language)} ${words.before[every]}`,
    good: previous?.good ?? null,
    trend:
      trend === null
        ? ''
        : trend.direction === 'flat'
          ? words.trend.flat
          : `${words.trend[trend.direction]} (${words.perWeek(`${trend.slope > 0 ? '+' : ''}${show(trend.slope)}`)})`,
    spark: sparkLine(indicator.series.map(point => point.value)),
    notes,
    movers: tellMovers(indicator, words, show, language),
  }
}

function tellMovers(
  { groups }: DigestIndicator,
  words: DigestWords,
  show: (value: number | null) => string,
  language: DigestLanguage,
): ToldIndicator['movers'] {
  if (groups === null || groups.items.length === 0) return null
  const items = groups.items.map(item => tellMover(item, words, show, language))
  return {
    head: words.movers(cut(groups.by, MOST_NAME)),
    items: groups.more > 0 ? [...items, words.more(groups.more)] : items,
  }
}

function tellMover(
  { group, value, change, contribution }: DigestGroup,
  words: DigestWords,
  show: (value: number | null) => string,
  language: DigestLanguage,
): string {
  const moved =
    change !== null
      ? ` (${signed(change, language)})`
      : contribution !== null && contribution !== 0
        ? ` (${contribution > 0 ? '+' : ''}${show(contribution)})`
        : ''
  return `${group === '' ? words.nobody : cut(group, MOST_NAME)}: ${show(value)}${moved}`
}

function tellAction(
  action: DigestAction,
  { currency }: DigestAnswer,
  words: DigestWords,
  language: DigestLanguage,
  names: ReadonlyMap<string, string>,
  clock: (time: string) => string,
): ToldLine {
  const part = Object.entries(action.by).map(([field, value]) => `${field}=${value}`)
  const effects = action.effects.map(({ indicator, unit, step, interval, good }) => {
    const show = (value: number): string => `${value > 0 ? '+' : ''}${showValue(value, { unit, currency }, language)}`
    const told =
      step === null
        ? words.effectOpen
        : good === null
          ? words.effectChance(show(step))
          : words.effect(show(step), interval === null ? null : `${show(interval[0])} … ${show(interval[1])}`)
    return `${names.get(indicator) ?? indicator}: ${told}`
  })
  return {
    icon: '🛠',
    headline: cut(action.label, MOST_NAME),
    details: [
      [clock(action.at), cut(action.owner, MOST_NAME), ...part].filter(text => text !== '').join(' · '),
      ...(action.description === '' ? [] : [cut(action.description, MOST_TEXT)]),
      ...effects,
    ],
  }
}

function tellAlert(
  alert: DigestAlert,
  { currency, indicators }: DigestAnswer,
  words: DigestWords,
  language: DigestLanguage,
  names: ReadonlyMap<string, string>,
  clock: (time: string) => string,
): ToldLine {
  const unit = indicators.find(({ id }) => id === alert.indicator)?.unit ?? 'number'
  const own = Object.entries(alert.labels)
    .filter(([name]) => !['alertname', 'severity', 'indicator'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
  return {
    icon: alert.resolved === null ? '🔴' : '✅',
    headline: cut([alert.alert, ...own].join(' '), MOST_NAME),
    details: [
      [
        `${names.get(alert.indicator) ?? alert.indicator} ${showValue(alert.value, { unit, currency }, language)}`,
        `${words.since} ${clock(alert.fired)}`,
        alert.resolved === null ? words.fires : `${words.until} ${clock(alert.resolved)}`,
      ].join(' · '),
    ],
  }
}

/** By characters as people count them, so that no emoji is cut in half. */
function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const characters = Array.from(line)
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

const percent = (share: number, language: DigestLanguage): string =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', { style: 'percent', maximumFractionDigits: 0 }).format(
    share,
  )

const signed = (change: number, language: DigestLanguage): string =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
    ...{ style: 'percent', maximumFractionDigits: Math.abs(change) < 0.1 ? 1 : 0, signDisplay: 'exceptZero' },
  } as const).format(change)

const BARS = '▁▂▃▄▅▆▇█'

/** Little bars, which every mail program and chat draws; '' of fewer than two values. */
function sparkLine(values: ReadonlyArray<number | null>): string {
  const known = values.filter(value => value !== null)
  if (known.length < 2) return ''
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return values
    .map(value => (value === null ? '·' : BARS[high === low ? 3 : Math.round(((value - low) / (high - low)) * 7)]))
    .join('')
}

/** `2026-11-22 10:05` by the clock of a zone. */
function clockOf(timezone: string): (time: string) => string {
  const zone = createZone(timezone)
  return time => {
    const instant = Date.parse(time)
    return new Date(instant + zone.offset(instant)).toISOString().slice(0, 16).replace('T', ' ')
  }
}

/** The page of a report under the base address of the pages. */
export function pageOf(externalUrl: string, { digest, period }: Pick<DigestAnswer, 'digest' | 'period'>): string {
  const url = new URL(`${externalUrl.replace(/\/+$/, '')}/digests/${encodeURIComponent(digest)}`)
  url.searchParams.set('period', period.name)
  return url.href
}
