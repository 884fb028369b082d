/**
 * Looks at a page of the dashboard as people do: in both languages and both themes, on a phone, a desk and a wall, with
 * the keyboard, and as a screen reader is told of it. One Chromium and one page for all of that.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchBrowser, SCREENSHOTS } from '../query/browser.ts'
import { NOW, openShop, type Shop, type ShopOptions } from './shop.ts'

const LANGUAGES = ['en', 'zh'] as const
const THEMES = ['light', 'dark'] as const
export const SCREENS = {
  phone: { width: 320, height: 700 },
  desk: { width: 1280, height: 800 },
  wall: { width: 1920, height: 1080 },
} as const
type Screen = keyof typeof SCREENS

export interface Dashboard extends AsyncDisposable {
  readonly shop: Shop
  readonly browser: Browser
  /** a page with this address open, and what went wrong in it so far; settled as `settled` tells */
  open(path: string, options?: OpenOptions): Promise<Opened>
}

export interface OpenOptions {
  readonly screen?: Screen
  readonly language?: (typeof LANGUAGES)[number]
  readonly theme?: (typeof THEMES)[number]
  /** kept by the tab before the page is loaded */
  readonly key?: string
  /** problems of the console that the test brings about, such as a refused request */
  readonly expected?: RegExp
}

interface Opened extends AsyncDisposable {
  readonly page: Page
  /** errors of the console and of scripts, and requests to anybody but the service */
  readonly faults: string[]
}

export interface Looked {
  /** of the pictures in test-results */
  readonly name: string
  readonly path: string
  /** what is there when the page has drawn what it shows; default: nothing is busy any more */
  readonly ready?: string
  /** brings the page into the state that is looked at */
  readonly act?: (page: Page) => Promise<void>
  /** holds what the page shows against what the API says, in both languages */
  readonly check?: (page: Page, language: (typeof LANGUAGES)[number]) => Promise<void>
  /** default all */
  readonly screens?: readonly Screen[]
  /** rules of axe that do not hold here, each with its reason beside it */
  readonly without?: readonly string[]
  /** default true; false for a wall screen, which nobody operates */
  readonly keyboard?: boolean
}

const PATIENCE_MS = 90_000
const IN_PAGE = new URL('in-page.js', import.meta.url).pathname
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** A browser before a shop; closing it closes both. */
export async function openDashboard(options: ShopOptions = {}): Promise<Dashboard> {
  const [shop, browser] = await Promise.all([openShop(options), launchBrowser()])
  return {
    shop,
    browser,
    async open(path, { screen = 'desk', language = 'en', theme = 'light', key, expected } = {}) {
      const context = await browser.newContext({
        viewport: SCREENS[screen],
        locale: language === 'zh' ? 'zh-CN' : 'en-GB',
        colorScheme: theme,
        reducedMotion: 'reduce',
      })
      // a machine that does much else is slow, not wrong
      context.setDefaultTimeout(PATIENCE_MS)
      await context.addInitScript({ path: IN_PAGE })
      if (key !== undefined) await context.addInitScript(`sessionStorage.setItem('kivi.key', ${JSON.stringify(key)})`)
      const page = await context.newPage()
      const faults: string[] = []
      const tell = (fault: string) => {
        if (expected?.test(fault) !== true) faults.push(fault)
      }
      page.on('pageerror', error => tell(error.message))
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') tell(message.text())
      })
      page.on('request', request => {
        if (!/^(blob:|about:)/.test(request.url()) && !request.url().startsWith(shop.url))
          tell(`asked elsewhere: ${request.url()}`)
      })
      await page.clock.setFixedTime(NOW)
      await page.goto(new URL(path, shop.url).href)
      return { page, faults, [Symbol.asyncDispose]: () => context.close() }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await shop[Symbol.asyncDispose]()
    },
  }
}

/** Nothing is waited for any more, and what was drawn last is on the screen. */
export async function settled(page: Page, ready = 'main h1'): Promise<void> {
  await page.locator(ready).first().waitFor()
  await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' })
  await page.evaluate('new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))')
}

/** Every check of a page in every language, theme and size; fails with all that is wrong. */
export async function look(dashboard: Dashboard, looked: Looked): Promise<void> {
  const { name, path, ready, act, check, screens = Object.keys(SCREENS) as Screen[], without = [] } = looked
  await mkdir(new URL('dashboard/', SCREENSHOTS), { recursive: true })
  await using opened = await dashboard.open(path, { screen: screens[0] ?? 'desk' })
  const { page, faults } = opened
  await settled(page, ready)
  await act?.(page)
  await settled(page, ready)
  const wrong: string[] = []
  let [language, theme]: [string, string] = ['en', 'light']
  for (const screen of screens) {
    await page.setViewportSize(SCREENS[screen])
    // there and back, so that each step changes one thing
    const languages = language === 'en' ? LANGUAGES : LANGUAGES.toReversed()
    for (const next of languages) {
      if (next !== language) await speak(page, next)
      language = next
      const themes = theme === 'light' ? THEMES : THEMES.toReversed()
      for (const colours of themes) {
        if (colours !== theme) await page.emulateMedia({ colorScheme: colours })
        theme = colours
        await settled(page, ready)
        const where = `${screen} ${next} ${colours}`
        for (const fault of await seen(page, `${name}-${screen}-${next}-${colours}`)) wrong.push(`${where}: ${fault}`)
        // colours and names depend on theme and language, little on the size: each is judged on two screens
        if (screen !== 'desk' || next === 'en')
          for (const fault of await axe(page, without)) wrong.push(`${where}: ${fault}`)
      }
      if (screen === screens[0]) await check?.(page, next)
    }
  }
  if (looked.keyboard !== false) {
    for (const fault of await keyboard(page)) wrong.push(`keyboard: ${fault}`)
  }
  expect([...new Set([...faults, ...wrong])]).toEqual([])
}

/** By the page's own button, which a small screen keeps in its menu; a page without its head has none. */
async function speak(page: Page, language: string): Promise<void> {
  const button = `document.querySelector('[data-language=${language}]')`
  if (await page.evaluate<boolean>(`${button} !== null`)) await page.evaluate(`${button}.click()`)
  else {
    await page.evaluate(`localStorage.setItem('kivi.language', '${language}')`)
    await page.reload()
  }
  await page.locator(`html[lang^=${language}]`).waitFor()
}

async function seen(page: Page, name: string): Promise<string[]> {
  await page.evaluate('scrollTo(0, 0)')
  const picture = await page.screenshot({ path: new URL(`dashboard/${name}.png`, SCREENSHOTS).pathname })
  const layout = await page.evaluate<string[]>('looking.layout()')
  const empty = await page.evaluate<Array<{ name: string }>>(
    `looking.emptyOf(${JSON.stringify(picture.toString('base64'))}, looking.regions())`,
  )
  return [...layout, ...empty.map(region => `${region.name} is empty`)]
}

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: ReadonlyArray<{ readonly html: string; readonly failureSummary?: string }>
}

/** What axe finds, by its rules for WCAG 2.2 A and AA and for good practice. */
export async function axe(page: Page, without: readonly string[] = []): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(await readFile(AXE, 'utf8'))
  const rules = Object.fromEntries(without.map(id => [id, { enabled: false }]))
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], rules })})`,
  )
  return violations.map(({ id, help, nodes }) => {
    const [first] = nodes
    return `axe ${id} (${help}), ${nodes.length}×: ${first?.html.slice(0, 160)} ${first?.failureSummary ?? ''}`
  })
}

/** What Tab does not reach from the top of the page, and where it cannot be seen to be. */
async function keyboard(page: Page): Promise<string[]> {
  const names = await page.evaluate<string[]>('looking.operable()')
  const open = new Map(names.entries())
  const faults: string[] = []
  await page.evaluate('document.activeElement?.blur()')
  await page.evaluate('scrollTo(0, 0)')
  for (let presses = 0; presses < names.length + 5 && open.size > 0; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<{ index: number; also: number[]; name: string; shown: boolean } | null>(
      'looking.focused()',
    )
    // beyond the last one Chromium goes on at the first
    if (focused === null) continue
    if (!focused.shown) faults.push(`nothing shows that it is at ${focused.name}`)
    for (const index of [focused.index, ...focused.also]) open.delete(index)
  }
  return [...faults, ...[...open.values()].map(missed => `Tab does not reach ${missed}`)]
}
