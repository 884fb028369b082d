/** Numbers as a person reads them, and annotations with them. */
import type { Text } from '../../definitions/index.ts'
import type { AlertInstance, Transition } from '../types/records.ts'
import type { AlertRule } from '../types/rules.ts'

export type Language = 'en' | 'zh'

export interface Units {
  readonly unit: string
  /** ISO 4217 */
  readonly currency: string
}

const DURATIONS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  seconds: { en: ' s', zh: ' 秒' },
  minutes: { en: ' min', zh: ' 分钟' },
  hours: { en: ' h', zh: ' 小时' },
  days: { en: ' d', zh: ' 天' },
  months: { en: ' months', zh: ' 个月' },
}

/** `1.53%`, `€1,200`, `12.5 s`; nothing is known: `no data`. */
export function showValue(value: number | null, { unit, currency }: Units, language: Language): string {
  if (value === null) return language === 'zh' ? '无数据' : 'no data'
  const locale = language === 'zh' ? 'zh-CN' : 'en-US'
  const isLarge = Math.abs(value) >= 1_000
  if (unit === 'percent')
    return formatOf(locale, { style: 'percent', maximumFractionDigits: Math.abs(value) >= 1 ? 0 : 2 }).format(value)
  if (unit === 'money')
    return formatOf(locale, {
      style: 'currency',
      currency,
      ...{ minimumFractionDigits: 0, maximumFractionDigits: isLarge ? 0 : 2 },
    }).format(value)
  return (
    formatOf(locale, { maximumSignificantDigits: isLarge ? 6 : 4 }).format(value) + (DURATIONS[unit]?.[language] ?? '')
  )
}

const formats = new Map<string, Intl.NumberFormat>()

/** Making a format takes longer than using it a hundred times, and there are few. */
function formatOf(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${options.currency ?? options.style ?? ''} ${options.maximumFractionDigits ?? options.maximumSignificantDigits}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, options)
    formats.set(key, format)
  }
  return format
}

/** Names that a template may use besides the alert's labels. */
export const TEMPLATE_NAMES = [
  ...['value', 'target', 'n', 'alertname', 'severity', 'indicator', 'label', 'window', 'since'],
  ...['previous', 'last_week', 'last_year', 'expected', 'score', 'projected', 'behind', 'share', 'problem'],
] as const

const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.]*)\s*\}\}/g

/** Names in a template, each once. */
export const namesOf = (template: string): string[] => [
  ...new Set([...template.matchAll(PLACEHOLDER)].map(match => match[1] ?? '')),
]

export interface Shown {
  readonly units: Units
  /** the indicator's */
  readonly label: Text
  readonly language: Language
  /** how instants and lengths are told */
  readonly time: (instant: number) => string
  readonly window: string
}

/** Numbers that are in the indicator's unit; all others stand for themselves. */
const IN_UNIT: ReadonlySet<string> = new Set([
  'value',
  'target',
  'previous',
  'last_week',
  'last_year',
  'expected',
  'projected',
])

export function renderAnnotations(
  rule: Pick<AlertRule, 'annotations'>,
  instance: AlertInstance,
  { seen, startsAt }: Pick<Transition, 'seen' | 'startsAt'>,
  shown: Shown,
): Record<string, string> {
  const { language, units } = shown
  const words: Record<string, string> = { ...instance.labels }
  const number = (name: string, value: number | null): void => {
    const unit = IN_UNIT.has(name)
      ? units
      : { ...units, unit: name === 'share' ? 'percent' : name === 'behind' ? 'seconds' : 'number' }
    words[name] = showValue(value, unit, language)
  }
  for (const [name, value] of Object.entries(seen.compared)) number(name, value)
  number('value', seen.value)
  number('target', seen.target)
  number('n', seen.n)
  words['label'] = (language === 'zh' ? shown.label.zh : undefined) ?? shown.label.en
  words['window'] = shown.window
  words['since'] = shown.time(startsAt)
  return Object.fromEntries(
    Object.entries(rule.annotations).map(([name, text]) => [
      name,
      ((language === 'zh' ? text.zh : undefined) ?? text.en).replace(
        PLACEHOLDER,
        (_, word: string) => words[word] ?? '',
      ),
    ]),
  )
}
