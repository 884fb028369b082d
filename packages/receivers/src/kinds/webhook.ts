/**
 * The generic webhook. Signed as Standard Webhooks has it (standardwebhooks.com), for which every language has a
 * library: HMAC-SHA256 over `id.timestamp.body`.
 */
import { createHmac } from 'node:crypto'
import type { Post } from '../http/post.ts'
import { type HttpKind, messageHeaders } from '../http/receiver.ts'
import { payloadText } from '../payload.ts'
import { reportPayload } from '../text/report.ts'
import type { KindArguments } from './arguments.ts'

/** A thousand alerts with long annotations; servers often take no more than a few megabytes. */
const LIMIT_BYTES = 4 << 20
const BASE64_SECRET = 'whsec_'

export function webhook({ settings, secrets, dependencies }: KindArguments<'webhook'>): HttpKind {
  const url = secrets.url(settings.url)
  const key = settings.secret === null ? null : keyOf(secrets.read(settings.secret))
  const own = Object.entries(settings.headers).map(([name, value]) => [name, secrets.address(value)] as const)
  return {
    prepare: notification => signed(notification, payloadText(notification, LIMIT_BYTES)),
    prepareReport: message => signed(message, reportPayload(message, LIMIT_BYTES)),
  }

  function signed(message: Parameters<typeof messageHeaders>[0], body: string): Post {
    const timestamp = String(Math.floor(dependencies.now() / 1000))
    const id = message.key
    const signature =
      key === null
        ? {}
        : {
            'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
          }
    return {
      url,
      body,
      headers: {
        ...Object.fromEntries(own),
        ...messageHeaders(message),
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        ...signature,
      },
    }
  }
}

const keyOf = (secret: string): Buffer =>
  secret.startsWith(BASE64_SECRET) ? Buffer.from(secret.slice(BASE64_SECRET.length), 'base64') : Buffer.from(secret)
