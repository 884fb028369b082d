/** What a first load may cost: over a slow line each kilobyte is waited for. */
import { readdir, stat } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dashboard, openDashboard, settled } from './harness.ts'

const KB = 1000
let dashboard: Dashboard
beforeAll(async () => {
  dashboard = await openDashboard({ days: 1 })
})
afterAll(() => dashboard?.[Symbol.asyncDispose]())

test('the board needs less than 60 kB of script and style, as sent, and no page of another', async () => {
  await using opened = await dashboard.open('about:blank')
  const { page } = opened
  const sent: Array<Promise<{ path: string; bytes: number; kept: string | undefined }>> = []
  page.on('requestfinished', request => {
    const { pathname } = new URL(request.url())
    if (!pathname.startsWith('/assets/')) return
    sent.push(
      Promise.all([request.sizes(), request.response()]).then(([sizes, response]) => ({
        path: pathname,
        bytes: sizes.responseBodySize,
        kept: response?.headers()['cache-control'],
      })),
    )
  })
  await page.goto(dashboard.shop.url)
  await settled(page, '.card')
  const files = await Promise.all(sent)
  expect(files.map(file => file.path.replace(/-[^-]{8}\./, '.'))).toContain('/assets/board.js')
  expect(files.filter(({ path }) => /indicator|retention|funnel|uplot|wall/i.test(path))).toEqual([])
  expect(files.reduce((sum, file) => sum + file.bytes, 0)).toBeLessThan(60 * KB)
  for (const file of files) expect(file.kept).toBe('public, max-age=31536000, immutable')
})

test('all pages together need less than 250 kB of script', async () => {
  const assets = new URL('assets/', dashboard.shop.built)
  const names = await readdir(assets)
  const scripts = names.filter(name => name.endsWith('.js.gz'))
  expect(scripts.length).toBeGreaterThan(2)
  const sizes = await Promise.all(scripts.map(async name => (await stat(new URL(name, assets))).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250 * KB)
})
