import { showValue } from '../../alerts/deliver/values.ts'
import type { DigestAction, DigestAlert } from '../types/answers.ts'
import { cut, MOST_NAME, MOST_TEXT } from './texts.ts'
import type { Telling, ToldLine } from './told.ts'

/** What was done, and what followed it. */
export function tellAction(action: DigestAction, telling: Telling): ToldLine {
  const { words, language, names, clock, digest } = telling
  const { currency } = digest
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

export function tellAlert(alert: DigestAlert, telling: Telling): ToldLine {
  const { words, language, names, clock, digest } = telling
  const { currency, indicators } = digest
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
