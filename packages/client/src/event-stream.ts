/** Server-sent events out of the text of a response (WHATWG HTML, 9.2.6). */
export interface ServerEvent {
  /** `message` where the stream names none */
  readonly event: string
  readonly data: string
  /** of this event or the last one before that had one; '' before the first */
  readonly id: string
}

export interface EventStreamHandlers {
  /** the stream asks to wait so long before connecting anew, ms */
  readonly onRetry: (ms: number) => void
  /** something came, be it a comment that only says that the connection lives */
  readonly onLife: () => void
  /** the id of the last event heard before, on an earlier connection */
  readonly lastId: string
}

/** Reads events until the body ends. Bytes may be cut anywhere, within a character or a line end too. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { onRetry, onLife, lastId }: EventStreamHandlers,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let id = lastId
  let name = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onLife()
      rest += decoder.decode(value, { stream: true })
      // a carriage return at the very end may be the first half of a line end
      const held = rest.endsWith('\r') ? '\r' : ''
      const lines = (held === '' ? rest : rest.slice(0, -1)).split(/\r\n|\r|\n/)
      rest = (lines.pop() ?? '') + held
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { event: name === '' ? 'message' : name, data: data.join('\n'), id }
          name = ''
          data = []
          continue
        }
        const colon = line.indexOf(':')
        if (colon === 0) continue
        const field = colon < 0 ? line : line.slice(0, colon)
        const text = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
        if (field === 'event') name = text
        else if (field === 'data') data.push(text)
        else if (field === 'id' && !text.includes('\0')) id = text
        else if (field === 'retry' && /^\d+$/.test(text)) onRetry(Number(text))
      }
    }
  } finally {
    // whoever stops listening closes the connection
    await reader.cancel().catch(() => undefined)
  }
}
