import { showValue } from '../../alerts/deliver/values.ts'
import type { Status } from '../../indicators/targets.ts'
import type { DigestGroup, DigestIndicator } from '../types/answers.ts'
import { cut, MOST_NAME, percent, signed, sparkLine } from './texts.ts'
import type { Telling, ToldIndicator } from './told.ts'
import { inLanguage } from './words.ts'

const ICONS: Readonly<Record<Status, string>> = {
  ...{ on_track: '🟢', at_risk: '🟡', off_track: '🔴' },
  ...{ provisional: '⚪', no_target: '⚪', no_data: '⚫' },
}

export function tellIndicator(indicator: DigestIndicator, telling: Telling): ToldIndicator {
  const { words, language, clock, digest } = telling
  const { every, currency } = digest
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
    movers: tellMovers(indicator, telling, show),
  }
}

function tellMovers(
  { groups }: DigestIndicator,
  telling: Telling,
  show: (value: number | null) => string,
): ToldIndicator['movers'] {
  const { words } = telling
  if (groups === null || groups.items.length === 0) return null
  const items = groups.items.map(item => tellMover(item, telling, show))
  return {
    head: words.movers(cut(groups.by, MOST_NAME)),
    items: groups.more > 0 ? [...items, words.more(groups.more)] : items,
  }
}

function tellMover(
  { group, value, change, contribution }: DigestGroup,
  { words, language }: Telling,
  show: (value: number | null) => string,
): string {
  const moved =
    change !== null
      ? ` (${signed(change, language)})`
      : contribution !== null && contribution !== 0
        ? ` (${contribution > 0 ? '+' : ''}${show(contribution)})`
        : ''
  return `${group === '' ? words.nobody : cut(group, MOST_NAME)}: ${show(value)}${moved}`
}
