import { useEffect, useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter-preact'
import { accessKey, forget } from '../settings/key.ts'
import { type Language, language, spoken, type Words } from '../settings/language.ts'
import { type Theme, theme } from '../settings/theme.ts'
import { AlertCount } from './alert-count.tsx'
import { ROUTES } from './routes.ts'

interface HeaderWords {
  readonly menu: string
  readonly pages: string
  readonly language: string
  readonly theme: string
  readonly themes: Readonly<Record<Theme, string>>
  readonly api: string
  readonly forget: string
}

const WORDS: Words<HeaderWords> = {
  en: {
    menu: 'Menu',
    pages: 'Pages',
    language: 'Language / 语言',
    theme: 'Appearance',
    themes: { system: 'like the device', light: 'light', dark: 'dark' },
    api: 'API',
    forget: 'Forget the key',
  },
  zh: {
    menu: '菜单',
    pages: '页面',
    language: 'Language / 语言',
    theme: '外观',
    themes: { system: '跟随设备', light: '浅色', dark: '深色' },
    api: '接口文档',
    forget: '移除密钥',
  },
}

const LANGUAGES: readonly { readonly id: Language; readonly name: string; readonly lang: string }[] = [
  { id: 'en', name: 'EN', lang: 'en' },
  { id: 'zh', name: '中文', lang: 'zh-CN' },
]
const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** A funnel is one of the funnels, a report one of the digests. */
const isBelow = (address: string, path: string): boolean => path !== '/' && address.startsWith(`${path}/`)

/** The head of every page: where one can go, and how it is shown. A small screen shows that on demand. */
export function Header() {
  const words = spoken(WORDS)
  const [address] = useLocation()
  const [open, setOpen] = useState(false)
  // whoever has gone somewhere wants to see it
  useEffect(() => setOpen(false), [address])
  return (
    <header class={open ? 'head open' : 'head'}>
      <Link href="/" class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Kivi
      </Link>
      <button
        type="button"
        class="menu"
        aria-expanded={open}
        aria-controls="pages choices"
        onClick={() => setOpen(before => !before)}
      >
        {words.menu}
        <AlertCount />
      </button>
      <nav id="pages" aria-label={words.pages}>
        {ROUTES.flatMap(({ path, name }) =>
          name === undefined
            ? []
            : [
                <Link
                  key={path}
                  href={path}
                  aria-current={address === path ? 'page' : isBelow(address, path) ? 'true' : undefined}
                >
                  {spoken(name)}
                  {path === '/alerts' && <AlertCount />}
                </Link>,
              ],
        )}
        <a href="/docs">{words.api}</a>
      </nav>
      <div class="choices" id="choices">
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
        {accessKey.value !== null && (
          <button
            type="button"
            data-forget
            onClick={() => {
              forget()
              // nothing that the key showed stays on the screen
              location.reload()
            }}
          >
            {words.forget}
          </button>
        )}
      </div>
    </header>
  )
}
