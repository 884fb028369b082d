import type { Rendered } from '../http/rendered.ts'
import type { Client } from './client.ts'
import { type BoardEvents, boardEvents, eventText } from './event-text.ts'

/** All who watch one board through one view: it is computed once, and its bytes are made once, for all of them. */
export interface Channel {
  readonly clients: ReadonlySet<Client>
  add(client: Client): void
  /** the first board of a client */
  show(client: Client, board: Rendered): void
  remove(client: Client): void
  /** asks for the board, and shows it where it changed; an outage is told, and over when the next board comes */
  refresh(): Promise<void>
}

/** What is told of a board that cannot be read. */
export interface Problem {
  readonly code: string
  readonly detail: string
}

export interface ChannelOptions {
  readonly read: () => Promise<Rendered>
  readonly problemOf: (error: unknown) => Problem
  /** lets others have their turn */
  readonly pause: () => Promise<void>
}

/** So many clients are written to before polls and others have their turn. */
const AT_ONCE = 25

export function createChannel({ read, problemOf, pause }: ChannelOptions): Channel {
  const clients = new Set<Client>()
  let shown: BoardEvents | null = null
  let told: string | null = null

  const each = async (write: (client: Client) => void): Promise<void> => {
    let written = 0
    for (const client of [...clients]) {
      if (clients.has(client)) write(client)
      if (++written % AT_ONCE === 0) await pause()
    }
  }
  const eventsOf = (board: Rendered): BoardEvents => {
    if (shown?.etag !== board.etag) shown = boardEvents(board)
    return shown
  }
  return {
    clients,
    add: client => void clients.add(client),
    show: (client, board) => client.show(eventsOf(board)),
    remove: client => void clients.delete(client),
    async refresh() {
      try {
        const board = await read()
        if (told === null && board.etag === shown?.etag) return
        told = null
        const events = eventsOf(board)
        await each(client => client.show(events))
      } catch (error) {
        const problem = problemOf(error)
        if (told === problem.code) return
        told = problem.code
        const text = eventText('problem', problem)
        await each(client => client.complain(text))
      }
    },
  }
}
