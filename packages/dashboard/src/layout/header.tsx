import { Link, useLocation } from 'wouter-preact'
import { type Language, language, spoken, type Words } from '../settings/language.ts'
import { type Theme, theme } from '../settings/theme.ts'
import { ROUTES } from './routes.ts'

const WORDS: Words<{ pages: string; language: string; theme: string; themes: Record<Theme, string>; api: string }> = {
  en: {
    pages: 'Pages',
    language: 'Language / 语言',
    theme: 'Appearance',
    themes: { system: 'like the device', light: 'light', dark: 'dark' },
    api: 'API',
  },
  zh: {
    pages: '页面',
    language: 'Language / 语言',
    theme: '外观',
    themes: { system: '跟随设备', light: '浅色', dark: '深色' },
    api: '接口文档',
  },
}

const LANGUAGES: readonly { readonly id: Language; readonly name: string; readonly lang: string }[] = [
  { id: 'en', name: 'EN', lang: 'en' },
  { id: 'zh', name: '中文', lang: 'zh-CN' },
]
const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** The head of every page: where one can go, and how it is shown. */
export function Header() {
  const words = spoken(WORDS)
  const [address] = useLocation()
  return (
    <header class="head">
      <Link href="/" class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Kivi
      </Link>
      <nav aria-label={words.pages}>
        {ROUTES.flatMap(({ path, name }) =>
          name === undefined
            ? []
            : [
                <Link key={path} href={path} aria-current={address === path ? 'page' : undefined}>
                  {spoken(name)}
                </Link>,
              ],
        )}
        <a href="/docs">{words.api}</a>
      </nav>
      <div class="choices">
        <fieldset class="joined" aria-label={words.language}>
          {LANGUAGES.map(({ id, name, lang }) => (
            <button
              key={id}
              type="button"
              lang={lang}
              data-language={id}
              aria-pressed={language.value === id}
              onClick={() => {
                language.value = id
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <select
          aria-label={words.theme}
          value={theme.value}
          onChange={event => {
            theme.value = event.currentTarget.value as Theme
          }}
        >
          {THEMES.map(id => (
            <option key={id} value={id}>
              {words.themes[id]}
            </option>
          ))}
        </select>
      </div>
    </header>
  )
}
