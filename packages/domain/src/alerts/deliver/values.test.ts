import { describe, expect, it } from 'vitest'
import type { AlertInstance } from '../types/records.ts'
import { namesOf, renderAnnotations, showValue } from './values.ts'

describe('a value', () => {
  it.each([
    [0.0153, 'percent', 'en', '1.53%'],
    [0.0153, 'percent', 'zh', '1.53%'],
    [3.2, 'percent', 'en', '320%'],
    [1200, 'money', 'en', '€1,200'],
    [12.5, 'money', 'en', '€12.5'],
    [90.123, 'seconds', 'en', '90.12 s'],
    [2, 'hours', 'zh', '2 小时'],
    [12345, 'count', 'en', '12,345'],
    [null, 'count', 'en', 'no data'],
    [null, 'count', 'zh', '无数据'],
  ] as const)('%d %s in %s is %s', (value, unit, language, text) => {
    expect(showValue(value, { unit, currency: 'EUR' }, language)).toBe(text)
  })
})

describe('an annotation', () => {
  const instance = { labels: { alertname: 'CtrLow', campaign: 'spring' } } as unknown as AlertInstance
  const seen = { value: 0.01, target: 0.02, n: 1_000, compared: { last_week: 0.03, score: 5.5, behind: 90 } }
  const shown = (language: 'en' | 'zh') => ({
    ...{ language, units: { unit: 'percent', currency: 'EUR' }, label: { en: 'CTR', zh: '点击率' }, window: '1h' },
    time: (instant: number) => new Date(instant).toISOString(),
  })
  const text = {
    en: '{{label}} of {{ campaign }}: {{value}} of {{target}} ({{n}}, {{last_week}}, {{score}}, {{behind}}) in {{window}} since {{since}}',
    zh: '{{label}} {{value}}',
  }

  it('holds what was seen, in the language of whoever reads it', () => {
    const render = (language: 'en' | 'zh') =>
      renderAnnotations({ annotations: { summary: text } }, instance, { seen, startsAt: 0 }, shown(language))
    expect(render('en')).toEqual({
      summary: 'CTR of spring: 1% of 2% (1,000, 3%, 5.5, 90 s) in 1h since 1970-01-01T00:00:00.000Z',
    })
    expect(render('zh')).toEqual({ summary: '点击率 1%' })
  })

  it('names each word once', () => {
    expect(namesOf('{{a}} {{ b }} {{a}} {c} {{}}')).toEqual(['a', 'b'])
  })
})
