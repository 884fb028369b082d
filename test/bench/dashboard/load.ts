import type { Browser, BrowserContext } from 'playwright-core'

/** One load of the board: times in ms from the first request on, sizes in bytes as they went over the wire. */
export interface Load {
  readonly firstPaint: number
  readonly largestPaint: number
  /** until every card is there, and on the screen a frame later */
  readonly drawn: number
  readonly blocked: number
  readonly shift: number
  readonly script: number
  readonly style: number
  readonly all: number
}

/** In the page itself, before anything of it runs. */
const WATCH = `
window.measured = { firstPaint: 0, largestPaint: 0, drawn: 0, blocked: 0, shift: 0 }
const observe = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each)).observe({ type, buffered: true })
observe('paint', entry => { if (entry.name === 'first-contentful-paint') measured.firstPaint = entry.startTime })
observe('largest-contentful-paint', entry => { measured.largestPaint = entry.startTime })
observe('layout-shift', entry => { measured.shift += entry.value })
observe('longtask', entry => { measured.blocked += entry.duration - 50 })
new MutationObserver((_, observer) => {
  if (document.querySelector('.card') === null) return
  observer.disconnect()
  requestAnimationFrame(() => requestAnimationFrame(() => { measured.drawn = performance.now() }))
}).observe(document, { childList: true, subtree: true })
`

export async function loadOnce(browser: Browser | BrowserContext, url: string): Promise<Load> {
  const page = await browser.newPage()
  await page.addInitScript(WATCH)
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const types = new Map<string, string>()
  const sizes = { Script: 0, Stylesheet: 0, all: 0 }
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId)
    sizes.all += encodedDataLength
    if (type === 'Script' || type === 'Stylesheet') sizes[type] += encodedDataLength
  })
  await page.goto(url)
  await page.waitForFunction(
    () => (globalThis as unknown as { measured: { drawn: number } }).measured.drawn > 0,
    null,
    {
      timeout: 60_000,
    },
  )
  const measured = await page.evaluate<Omit<Load, 'script' | 'style' | 'all'>>('measured')
  await page.close()
  return { ...measured, script: sizes.Script, style: sizes.Stylesheet, all: sizes.all }
}
