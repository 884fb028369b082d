/**
 * uPlot makes a number format of the browser's language as soon as it is loaded, and a Chromium on a system that has no
 * language names one that is none (`en-US@posix`): that would throw, and no chart could be drawn. Imported before uPlot.
 */
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
}
