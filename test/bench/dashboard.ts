/**
 * `npm run bench -- dashboard [LOADS]`: how soon the board is on the screen of somebody who opens it, and what that
 * costs. A query service answers for four weeks of the simulated storefront in the embedded engine; Chromium loads the
 * page LOADS times (default 9) as for the first time, and as often with what it kept.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedClickHouse } from '@kivi/embedded-clickhouse'
import { openShop } from '../integration/dashboard/shop.ts'
import { launchBrowser } from '../integration/query/browser.ts'
import { type Load, loadOnce } from './dashboard/load.ts'

const loads = Number(process.argv[2] ?? 9)
if (!Number.isInteger(loads) || loads < 1) throw new Error('LOADS is a whole number, such as 9')

// whatever happens, all that was started stops, in reverse
await using leaving = new AsyncDisposableStack()
const dataDir = await mkdtemp(join(tmpdir(), 'kivi-bench-'))
leaving.defer(() => rm(dataDir, { recursive: true, force: true }))
const engine = await startEmbeddedClickHouse({ dataDir })
leaving.defer(() => engine.stop())
const shop = leaving.use(await openShop({ clickhouse: engine.url, deps: { freshnessMs: 500 } }))
const browser = await launchBrowser()
leaving.defer(() => browser.close())

// the first load of all warms up the service and Chromium itself
await loadOnce(browser, shop.url)
const first: Load[] = []
const again: Load[] = []
for (let load = 0; load < loads; load++) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  first.push(await loadOnce(context, shop.url))
  again.push(await loadOnce(context, shop.url))
  await context.close()
}
print('first load', first)
print('with what the browser kept', again)

function print(title: string, all: readonly Load[]): void {
  const middle = (pick: (load: Load) => number) => all.map(pick).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
  const worst = (pick: (load: Load) => number) => Math.max(...all.map(pick))
  const ms = (name: string, pick: (load: Load) => number) =>
    console.log(`  ${name.padEnd(34)} ${middle(pick).toFixed(0).padStart(6)} ms   worst ${worst(pick).toFixed(0)} ms`)
  const kb = (name: string, pick: (load: Load) => number) =>
    console.log(`  ${name.padEnd(34)} ${(middle(pick) / 1000).toFixed(1).padStart(6)} kB`)
  console.log(`\n${title} (median of ${all.length})`)
  ms('first contentful paint', load => load.firstPaint)
  ms('largest contentful paint', load => load.largestPaint)
  ms('all cards of the board drawn', load => load.drawn)
  ms('main thread blocked beyond 50 ms', load => load.blocked)
  console.log(
    `  ${'layout shift (CLS)'.padEnd(34)} ${middle(load => load.shift)
      .toFixed(3)
      .padStart(6)}`,
  )
  kb('script, as sent', load => load.script)
  kb('style, as sent', load => load.style)
  kb('all, as sent', load => load.all)
  console.log(
    `  ${'of 1 s that it may take'.padEnd(34)} ${((middle(load => load.drawn) / 1000) * 100).toFixed(0).padStart(6)} %`,
  )
}
