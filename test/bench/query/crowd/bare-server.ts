/** A fastify route that answers a constant, in a process of its own, with or without looking at its ETag. */
import fastify from 'fastify'

process.once('message', async (body: string) => {
  const app = fastify()
  const etag = '"constant"'
  app.get('/', (request, reply) => {
    reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(body)
  })
  process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
  process.once('message', () => process.exit(0))
})
