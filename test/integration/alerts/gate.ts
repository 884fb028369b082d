/** A way to a server that can be made to hang: it takes connections and bytes, and passes nothing on. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export class Gate implements AsyncDisposable {
  readonly #to: URL
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer({ pauseOnConnect: true }, socket => this.#take(socket))
  #hangs = false

  private constructor(to: URL) {
    this.#to = to
  }

  static async open(to: string): Promise<Gate> {
    const gate = new Gate(new URL(to))
    gate.#server.listen(0, '127.0.0.1')
    await once(gate.#server, 'listening')
    return gate
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on nothing passes, on the connections that there are neither. */
  hang(): void {
    this.#hangs = true
    for (const socket of this.#sockets) socket.unpipe().pause()
  }

  /** Whoever still waits is cut off; new connections pass. */
  heal(): void {
    this.#hangs = false
    for (const socket of this.#sockets) socket.destroy()
  }

  #take(socket: Socket): void {
    this.#keep(socket)
    if (this.#hangs) return
    const server = this.#keep(connect(Number(this.#to.port), this.#to.hostname))
    socket.pipe(server).pipe(socket)
    socket.on('close', () => server.destroy())
    server.on('close', () => socket.destroy())
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    return socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
