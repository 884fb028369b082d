import { effect } from '@preact/signals'
import { oneOf, remembered } from './remembered.ts'

export type Language = 'en' | 'zh'

/** The same words in each language: a page keeps its own beside itself. */
export type Words<T> = Readonly<Record<Language, T>>

const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en'

export const language = remembered<Language>('language', preferred, oneOf('en', 'zh'))

/** As `Intl` and the `lang` attribute name it. */
export const locale = (): string => (language.value === 'zh' ? 'zh-CN' : 'en')

/** The words of the chosen language; a component that asks is drawn again when it changes. */
export const spoken = <T>(words: Words<T>): T => words[language.value]

/** A text of the catalog: English where nobody translated it. */
export const told = (text: { readonly en: string; readonly zh: string }): string => text[language.value] || text.en

effect(() => {
  document.documentElement.lang = locale()
})
