import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

/** Writes each asset compressed beside itself: done once here, and not at each first load. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  async writeBundle({ dir }) {
    const assets = join(dir ?? '', 'assets')
    for (const name of await readdir(assets)) {
      const body = await readFile(join(assets, name))
      await writeFile(join(assets, `${name}.br`), await promisify(brotliCompress)(body))
      await writeFile(join(assets, `${name}.gz`), await promisify(gzip)(body, { level: 9 }))
    }
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed],
  // packages/client is built for others; here its source is used
  resolve: { conditions: ['kivi-source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // what browsers of the last three years read
    target: 'es2022',
    // inlined as data: addresses they would need an exception in the Content-Security-Policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 250,
  },
  server: {
    // `npm run dev -w @kivi/dashboard` draws with the data of the Kivi that runs beside it
    proxy: { '/v1': process.env['KIVI_URL'] ?? 'http://127.0.0.1:8080' },
  },
})
