import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { OPEN } from '../access/access.ts'

/** Addresses of the pages and what they are made of: files beside this code, no build step, nothing from elsewhere. */
const FILES = [
  { url: '/', file: 'board.html', type: 'text/html; charset=utf-8' },
  { url: '/docs', file: 'docs.html', type: 'text/html; charset=utf-8' },
  { url: '/page/board.css', file: 'board.css', type: 'text/css; charset=utf-8' },
  { url: '/page/board.js', file: 'board.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page/docs.js', file: 'docs.js', type: 'text/javascript; charset=utf-8' },
  { url: '/page/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const

export async function registerPages(app: FastifyInstance): Promise<void> {
  for (const { url, file, type } of FILES) {
    const body = await readFile(new URL(`../page/${file}`, import.meta.url))
    const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
    app.get(url, { config: OPEN, schema: { hide: true } }, async (request, reply) => {
      reply.header('etag', etag).header('cache-control', 'no-cache')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.type(type).send(body)
    })
  }
}
