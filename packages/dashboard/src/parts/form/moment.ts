import { fromLocalText, toLocalText } from '../../format/local-time.ts'
import { place } from '../../format/place.ts'
import { spoken, type Words } from '../../settings/language.ts'

const MINUTE = 60_000
const WORDS: Words<{ notATime: string }> = {
  en: { notATime: 'Give a date and a time.' },
  zh: { notATime: '请填写日期和时间。' },
}

/** What a `MomentField` shows for an instant (epoch ms, or as the API tells it); nothing for null. */
export const momentText = (instant: number | string | null): string =>
  instant === null ? '' : toLocalText(new Date(instant).getTime(), place.value.timezone)

/** The running minute, which is near enough to now for whoever changes it by hand. */
export const thisMinute = (): number => Math.floor(Date.now() / MINUTE) * MINUTE

/** The instant that a `MomentField` holds, epoch ms; null: nothing was entered, or it is no time. */
export const momentOf = (text: string): number | null =>
  text === '' ? null : fromLocalText(text, place.value.timezone)

/** That the entry `name` of a form holds no time, told among its mistakes; `needed`: it may not be empty either. */
export const wrongMoment = (name: string, text: string, needed = false): Readonly<Record<string, string>> =>
  momentOf(text) === null && (needed || text !== '') ? { [name]: spoken(WORDS).notATime } : {}
