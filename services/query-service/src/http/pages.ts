import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { BASE_STYLE, BUILT, PAGES } from '@kivi/dashboard'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { OPEN } from '../access/access.ts'

const besideThis = (file: string) => new URL(`../page/${file}`, import.meta.url)

/** The description of the API for people: files without a build step, in the colours of the dashboard. */
const DOCS = [
  { url: '/docs', file: besideThis('docs.html'), type: 'text/html; charset=utf-8' },
  { url: '/page/base.css', file: BASE_STYLE, type: 'text/css; charset=utf-8' },
  { url: '/page/docs.css', file: besideThis('docs.css'), type: 'text/css; charset=utf-8' },
  { url: '/page/docs.js', file: besideThis('docs.js'), type: 'text/javascript; charset=utf-8' },
] as const

const UNBUILT = 'The dashboard is not built yet: run npm ci, or npm run prepare, where Kivi lies.\n'

/** The dashboard and the page of the API. They hold nothing that is not in every copy of Kivi: no key is needed. */
export async function registerPages(app: FastifyInstance, built: URL = BUILT): Promise<void> {
  for (const { url, file, type } of DOCS) registerFile(app, url, type, await readFile(file))
  const index = await readFile(new URL('index.html', built)).catch(() => null)
  for (const url of PAGES) {
    if (index === null)
      app.get(url, { config: OPEN, schema: { hide: true } }, async (_request, reply) =>
        reply.code(503).type('text/plain; charset=utf-8').send(UNBUILT),
      )
    else registerFile(app, url, 'text/html; charset=utf-8', index)
  }
  if (index === null) return
  // whoever mistyped an address in a browser wants to read, and to go on
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isLost(request) || reply.statusCode !== 404) return payload
    reply.type('text/html; charset=utf-8')
    return index
  })
  registerFile(app, '/icon.svg', 'image/svg+xml', await readFile(new URL('icon.svg', built)))
  const assets = fileURLToPath(new URL('assets/', built))
  await access(assets)
  await app.register(async scope => {
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, ...OPEN }
      route.schema = { ...route.schema, hide: true }
    })
    await scope.register(fastifyStatic, {
      root: assets,
      prefix: '/assets/',
      // written beside each file by the build
      preCompressed: true,
      // their names change with what they hold
      immutable: true,
      maxAge: '365d',
      index: false,
    })
  })
}

/** A browser at an address that is nothing; what asks the API is told so in the API's way. */
function isLost({ is404, method, url, headers }: FastifyRequest): boolean {
  return (
    is404 && method === 'GET' && !/^\/(v1|prometheus)\//.test(url) && headers.accept?.startsWith('text/html') === true
  )
}

/** One file in memory, told to be asked for again each time; unchanged it costs a 304. */
function registerFile(app: FastifyInstance, url: string, type: string, body: Buffer): void {
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`
  app.get(url, { config: OPEN, schema: { hide: true } }, async (request, reply) => {
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(type).send(body)
  })
}
