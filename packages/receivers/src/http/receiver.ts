/** A receiver behind one HTTP address: what is its own is how a message looks and what an answer means. */
import type { DigestMessage, Notification, Receiver, ReceiverSettings, SendOptions } from '@kivi/domain'
import type { ReceiverDependencies } from '../dependencies.ts'
import type { Secrets } from '../secrets.ts'
import { type BodyVerdict, judge } from './judge.ts'
import { type Post, post } from './post.ts'

export interface HttpKind {
  /** the request for a message; asked anew for each attempt, as signatures hold the time */
  prepare(notification: Notification): Post
  /** the request for a report */
  prepareReport(message: DigestMessage): Post
  /** what the body of a 2xx means; without it a 2xx is enough */
  readonly judgeBody?: (body: string) => BodyVerdict
}

const LONGEST_TIMEOUT_MS = 10_000

/** Sends one request and says what came of it. */
export async function attempt(
  request: Post,
  { timeoutMs }: Pick<ReceiverSettings, 'timeoutMs'>,
  { judgeBody }: Pick<HttpKind, 'judgeBody'>,
  secrets: Secrets,
  { tls, now }: Pick<ReceiverDependencies, 'tls' | 'now'>,
  { signal, mayStart }: SendOptions,
) {
  const result = await post(request, {
    timeoutMs: Math.min(timeoutMs, LONGEST_TIMEOUT_MS),
    signal,
    mayStart,
    ...(tls === undefined ? {} : { tls }),
  })
  return judge(result, { ...(judgeBody ? { body: judgeBody } : {}), redact: secrets.redact, now: now() })
}

export function httpReceiver(
  settings: ReceiverSettings,
  kind: HttpKind,
  secrets: Secrets,
  dependencies: ReceiverDependencies,
): Receiver {
  return {
    name: settings.name,
    kind: settings.kind,
    send: (notification, options) =>
      attempt(kind.prepare(notification), settings, kind, secrets, dependencies, options),
    report: (message, options) => attempt(kind.prepareReport(message), settings, kind, secrets, dependencies, options),
  }
}

/** Headers that every request about a message carries. */
export function messageHeaders({
  key,
  lane,
  sequence,
}: Pick<Notification, 'key' | 'lane' | 'sequence'>): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'kivi',
    'idempotency-key': key,
    // group labels are anything, header values are not
    'kivi-lane': encodeURIComponent(lane),
    'kivi-sequence': String(sequence),
  }
}

/** The body as an object; null where it is none. */
export function parsedObject(body: string): Record<string, unknown> | null {
  try {
    const parsed = JSON.parse(body) as unknown
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
