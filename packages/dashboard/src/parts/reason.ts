import { spoken, type Words } from '../settings/language.ts'

const WORDS: Words<Readonly<Record<string, string>> & { readonly no_data: string }> = {
  en: {
    no_data: 'no data yet',
    zero_denominator: 'nothing to divide by',
    after_newest_event: 'no events',
    previous_not_positive: 'no growth from zero or less',
    reference_missing: 'a reference value is missing',
    too_few: 'too little to tell',
    not_recorded: 'not computed yet',
    too_costly: 'takes too long to compute at once',
  },
  zh: {
    no_data: '暂无数据',
    zero_denominator: '分母为零',
    after_newest_event: '无事件',
    previous_not_positive: '上期不为正,无法计算增长',
    reference_missing: '缺少参考值',
    too_few: '数据太少',
    not_recorded: '尚未计算',
    too_costly: '即时计算耗时过长',
  },
}

/** Why there is no value, in a few words. */
export const reasonWord = (reason: string | undefined): string => {
  const words = spoken(WORDS)
  return words[reason ?? 'no_data'] ?? words.no_data
}
