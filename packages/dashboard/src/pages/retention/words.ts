import type { Words } from '../../settings/language.ts'

export const WAYS = ['orders', 'activity', 'signup'] as const
export type Way = (typeof WAYS)[number]
export const PERIODS = ['month', 'week', 'day'] as const
export type Period = (typeof PERIODS)[number]

interface RetentionWords {
  readonly title: string
  readonly about: string
  readonly way: string
  readonly ways: Readonly<Record<Way, string>>
  readonly period: string
  readonly periods: Readonly<Record<Period, string>>
  readonly rule: string
  readonly rules: Readonly<Record<'on' | 'on_or_after', string>>
  readonly show: string
  readonly shows: Readonly<Record<'share' | 'count', string>>
  readonly cohort: string
  readonly persons: string
  readonly later: (periods: number) => string
  readonly all: string
  readonly caption: string
  readonly running: string
  readonly of: (retained: string, persons: string) => string
  readonly none: string
}

export const WORDS: Words<RetentionWords> = {
  en: {
    title: 'Retention',
    about:
      'Persons by the period in which they came first, and how many of them came back how many periods later. Running periods are hatched: they can still grow, and the last line leaves them out.',
    way: 'First and again',
    ways: {
      orders: 'first order, then orders',
      activity: 'first active, then active',
      signup: 'signed up, then active',
    },
    period: 'Periods',
    periods: { month: 'months', week: 'weeks', day: 'days' },
    rule: 'Back',
    rules: { on: 'in that very period', on_or_after: 'in it or later' },
    show: 'Show',
    shows: { share: 'shares', count: 'persons' },
    cohort: 'First in',
    persons: 'Persons',
    later: periods => `${periods} later`,
    all: 'all, periods that are over',
    caption: 'Each row is a cohort; each column is how many periods later.',
    running: 'not over yet',
    of: (retained, persons) => `${retained} of ${persons}`,
    none: 'Nobody came first in these periods.',
  },
  zh: {
    title: '留存',
    about:
      '按首次到来的周期划分用户,以及其中有多少人在若干周期之后回来。未结束的周期以斜线标出:数字仍会增长,最后一行不包含它们。',
    way: '首次与再次',
    ways: { orders: '首次下单,再次下单', activity: '首次活跃,再次活跃', signup: '注册后活跃' },
    period: '周期',
    periods: { month: '月', week: '周', day: '日' },
    rule: '回来',
    rules: { on: '恰在该周期', on_or_after: '该周期或之后' },
    show: '显示',
    shows: { share: '占比', count: '人数' },
    cohort: '首次',
    persons: '人数',
    later: periods => `第 ${periods} 期`,
    all: '全部(已结束的周期)',
    caption: '每行是一个同期群;每列是之后第几个周期。',
    running: '尚未结束',
    of: (retained, persons) => `${persons} 人中的 ${retained} 人`,
    none: '这些周期内没有首次到来的用户。',
  },
}
