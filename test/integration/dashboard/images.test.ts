/**
 * The pictures of docs/dashboard.md: `npm run docs:images` takes them anew, from the simulated storefront at a fixed
 * time. Each run holds the page to the files.
 */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import type { LogWatch } from '@kivi/domain'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { firing } from '../../support/alert-log.ts'
import { type OpenOptions, openDashboard, SCREENS, settled } from './harness.ts'
import { NOW } from './shop.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
const IMAGES = new URL('images/', DOCS)
const MOST_BYTES = 100_000
const QUALITY = 0.86

interface Picture extends OpenOptions {
  readonly path: string
  readonly ready: string
}

const PICTURES: Readonly<Record<string, Picture>> = {
  board: { path: '/', ready: '.card' },
  'board-dark-zh': { path: '/', ready: '.card', language: 'zh', theme: 'dark' },
  'board-phone': { path: '/', ready: '.card', screen: 'phone', theme: 'dark' },
  wall: { path: '/?tv=1&every=3600', ready: '.slide .card', screen: 'wall', theme: 'dark' },
  indicator: { path: '/indicators/net_revenue', ready: '.chart canvas' },
  hierarchy: { path: '/hierarchy?window=7d', ready: '[data-indicator=ctr] .numbers' },
  retention: { path: '/retention', ready: '.triangle' },
  funnels: { path: '/funnels/visit_to_order', ready: '[data-step=order]' },
  alerts: { path: '/alerts', ready: '[data-list=firing] [data-alert]' },
  digest: { path: '/digests/weekly_review', ready: '[data-part=indicators] .course' },
  system: { path: '/system', ready: '[data-part=partitions] tbody tr' },
  segments: { path: '/segments?window=7d&method=quantiles', ready: '[data-segment=total]', language: 'zh' },
}

const ACTIONS = [
  ['Free delivery from €40', '2026-02-21T08:00:00Z'],
  ['Newsletter of the spring', '2026-03-03T08:00:00Z'],
] as const

/** A log with nothing in it that is not counted, and nothing set aside. */
const READ_TO_ITS_END: LogWatch = {
  ends: async () => new Map(),
  deadLetters: async () => ({ reasons: [], isCut: false, newest: [] }),
}
const RETARGETING = { campaign: 'retargeting', indicator: 'ctr' }
const FEW_CLICKS = { value: 0.0153, target: null, n: 5_000, compared: { expected: 0.031 } }
const FEW_ORDERS = { value: 2, target: null, n: 2, compared: { expected: 11 } }

if (process.env['KIVI_DOCS_IMAGES'] === 'write')
  test('pictures are taken anew', { timeout: 600_000 }, async () => {
    await using dashboard = await openDashboard({ eventsPerSecond: 0.08, deps: { log: READ_TO_ITS_END } })
    for (const [label, at] of ACTIONS)
      await dashboard.shop.send('POST', '/v1/actions', { label, at, indicators: ['net_revenue'], set_by: 'ada' })
    await dashboard.shop.alerts.leads('evaluator-1')
    await dashboard.shop.alerts.says(
      firing('PurchasesDropped', { indicator: 'purchases' }, { now: NOW, seen: FEW_ORDERS }),
      firing('CtrDropped', RETARGETING, { by: ['campaign'], severity: 'ticket', now: NOW, seen: FEW_CLICKS }),
    )
    await mkdir(IMAGES, { recursive: true })
    for (const [name, { path, ready, ...how }] of Object.entries(PICTURES)) {
      await using opened = await dashboard.open(path, how)
      const { page, faults } = opened
      await page.locator(ready).first().waitFor({ timeout: 120_000 })
      await settled(page, ready)
      expect(await page.evaluate('looking.layout()')).toEqual([])
      const picture = await asWebp(page, await page.screenshot())
      expect(picture.length, name).toBeLessThan(MOST_BYTES)
      await writeFile(new URL(`${name}.webp`, IMAGES), picture)
      expect(faults).toEqual([])
    }
  })

test('docs/dashboard.md shows each picture with words for those who do not see it, and no other is kept', async () => {
  const text = await readFile(new URL('dashboard.md', DOCS), 'utf8')
  const shown = [...text.matchAll(/!\[([^\]]*)\]\(images\/([\w-]+)\.webp\)/g)]
  for (const [, words, name] of shown) expect(words?.length, name).toBeGreaterThan(20)
  const names = shown.map(([, , name]) => name)
  expect(names.toSorted()).toEqual(Object.keys(PICTURES).toSorted())
  const files = (await readdir(IMAGES)).filter(file => file.endsWith('.webp'))
  expect(files.map(file => file.replace('.webp', '')).toSorted()).toEqual(names.toSorted())
})

test('pictures are small, and of the size of the screen that they show', async () => {
  for (const [name, { screen = 'desk' }] of Object.entries(PICTURES)) {
    const file = new URL(`${name}.webp`, IMAGES)
    expect((await stat(file)).size, name).toBeLessThan(MOST_BYTES)
    expect(sizeOfWebp(await readFile(file)), name).toEqual(SCREENS[screen])
  }
})

/** By the browser itself, from a page that forbids nothing. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate<string>(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), letter => letter.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(image.width, image.height)
    canvas.getContext('2d').drawImage(image, 0, 0)
    const webp = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality: ${QUALITY} })).arrayBuffer())
    return btoa(Array.from(webp, byte => String.fromCharCode(byte)).join(''))
  })()`)
  return Buffer.from(base64, 'base64')
}

/** Of an extended WebP (RFC 9649, 2.7), as a canvas gives it. */
function sizeOfWebp(file: Buffer): { readonly width: number; readonly height: number } {
  expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWEBPVP8X')
  return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
}
