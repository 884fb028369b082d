import type { AlertRule, Catalog } from '@kivi/domain'
import { expect, test } from 'vitest'
import { SILENT, STALLED } from './testing/term-world.ts'
import { wordingOf } from './wording.ts'

const catalog = (timezone: string) =>
  ({
    ...{ timezone, currency: 'CNY', alerting: { rules: new Map([[STALLED.id, STALLED]]) } },
    indicators: new Map([['clicks', { label: { en: 'Clicks', zh: '点击' }, unit: 'count' }]]),
  }) as unknown as Catalog

test('times are told by the clock of the catalog’s zone, across a change of the clocks too', () => {
  const at = Date.parse('2026-03-29T00:30:00Z')
  expect(wordingOf(catalog('Europe/Berlin'), null).time(at)).toBe('2026-03-29 01:30')
  expect(wordingOf(catalog('Europe/Berlin'), null).time(at + 3_600_000)).toBe('2026-03-29 03:30')
  expect(wordingOf(catalog('Asia/Shanghai'), null).time(at)).toBe('2026-03-29 08:30')
})

test('an alert is about its indicator; one about Kivi, or of an indicator that is gone, has its own name', () => {
  const { about } = wordingOf(catalog('UTC'), null)
  expect(about(SILENT)).toEqual({ label: { en: 'Clicks', zh: '点击' }, unit: 'count' })
  expect(about({ ...SILENT, indicator: 'gone' })).toEqual({ label: { en: SILENT.id }, unit: 'number' })
  const units = (condition: AlertRule['condition']) => about({ ...STALLED, condition }).unit
  expect(units(STALLED.condition)).toBe('seconds')
  expect(units({ kind: 'dead_letters', share: 0.05 })).toBe('percent')
  expect(units({ kind: 'undelivered', forMs: 1 })).toBe('seconds')
})

test('what else messages need is the catalog’s', () => {
  const wording = wordingOf(catalog('UTC'), 'https://kivi.example')
  expect(wording).toMatchObject({ currency: 'CNY', externalUrl: 'https://kivi.example' })
  expect(wording.rules.get(STALLED.id)).toBe(STALLED)
})
