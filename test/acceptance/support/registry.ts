import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import avro from 'avsc'
import { registryUrl, uniqueName } from '../../support/index.ts'

/** The run's Schema Registry behind a door of its own, which can be shut and opened again. */
export interface RegistryDoor extends AsyncDisposable {
  readonly url: string
  shut(): Promise<void>
  open(): Promise<void>
}

export async function registryDoor(): Promise<RegistryDoor> {
  const behind = new URL(await registryUrl())
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    const inner = connect(Number(behind.port), behind.hostname)
    for (const each of [socket, inner]) {
      sockets.add(each)
      each.once('close', () => sockets.delete(each)).on('error', () => each.destroy())
    }
    socket.pipe(inner).pipe(socket)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const shut = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  return {
    url: `http://127.0.0.1:${port}${behind.pathname}`,
    shut,
    open: async () => void (await listen(port)),
    [Symbol.asyncDispose]: shut,
  }
}

/** Registers a schema and gives what writes a value with it: schema id and Avro, as Confluent's clients do. */
export async function registered(fields: readonly object[], name = 'purchase'): Promise<(value: object) => Buffer> {
  const schema = { type: 'record', name, fields }
  const response = await fetch(`${await registryUrl()}/subjects/${uniqueName(name)}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  })
  const { id } = (await response.json()) as { id: number }
  const type = avro.Type.forSchema(schema as avro.Schema)
  return value => confluent(id, type.toBuffer(value))
}

export function confluent(schemaId: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(5)
  header.writeInt32BE(schemaId, 1)
  return Buffer.concat([header, body])
}
