import { once } from 'node:events'
import { createServer } from 'node:net'
import { KiviError } from '@kivi/domain'

export interface ListenTarget {
  /** the variable that chooses the port */
  readonly variable: 'KIVI_HTTP_PORT' | 'KIVI_COLLECTOR_PORT' | 'KIVI_METRICS_PORT' | 'KIVI_CLICKHOUSE_PORT'
  readonly host: string
  readonly port: number
}

/** Why a service cannot listen, in one sentence that says what to do; other errors come back as they are. */
export function listenError(error: unknown, { variable, host, port }: ListenTarget): unknown {
  const told = (message: string) => new KiviError('port_unavailable', message, { cause: error })
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return told(
        `Port ${port} on ${host} is taken by another program: stop that one, or choose another port with ${variable}, for example ${variable}=${port > 65_000 ? port - 10 : port + 10}.`,
      )
    case 'EACCES':
      return told(`This user may not listen on port ${port}: choose one above 1023 with ${variable}.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return told(`KIVI_HTTP_HOST is ${host}, which is no address of this machine: 127.0.0.1 is always one.`)
    default:
      return error
  }
}

/** Finds out before anything else is started whether a service will be able to listen; throws as `listenError` tells. */
export async function checkPort(target: ListenTarget): Promise<void> {
  if (target.port === 0) return
  const server = createServer()
  try {
    server.listen(target.port, target.host)
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, target)
  } finally {
    server.close()
  }
}

function codeOf(error: unknown): string {
  for (let e = error, depth = 0; typeof e === 'object' && e !== null && depth < 8; depth++) {
    if ('code' in e && typeof e.code === 'string' && e.code.startsWith('E')) return e.code
    e = (e as { cause?: unknown }).cause
  }
  return ''
}
