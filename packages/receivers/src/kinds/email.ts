/**
 * Mail by SMTP, as text and HTML. nodemailer speaks the protocol; the steps are ours, because what an error means
 * depends on whether the message's body had begun to leave.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  type Delivery,
  type DigestMessage,
  digestHtml,
  digestText,
  type Notification,
  type Receiver,
  type SendOptions,
} from '@kivi/domain'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { htmlOf, textOf } from '../text/mail.ts'
import { titleOf } from '../text/message.ts'
import type { KindArguments } from './arguments.ts'

const MOST_ALERTS = 200

type SmtpError = Error & { readonly responseCode?: number; readonly code?: string }

interface Mail {
  readonly bytes: Buffer
  /** addresses alone, without names */
  readonly envelope: { readonly from: string; readonly to: string[] }
}

type Addressed = Pick<Notification, 'lane' | 'key' | 'sequence' | 'at'>

interface Content {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export function email({ settings, secrets, dependencies }: KindArguments<'email'>): Receiver {
  const password = settings.password === null ? null : secrets.read(settings.password)
  const domain =
    settings.from
      .split('@')
      .at(-1)!
      .replace(/[^\w.-]/g, '') || 'kivi'

  return {
    name: settings.name,
    kind: settings.kind,
    send: (notification, options) => post(notification, alertsIn(notification), options),
    report: (message, options) => post(message, reportIn(message), options),
  }

  async function post(message: Addressed, content: Content, options: SendOptions): Promise<Delivery> {
    const outcome = await deliver(await compose(message, content), options)
    return { ...outcome, answer: secrets.redact(outcome.answer) }
  }

  function alertsIn(notification: Notification): Content {
    const count = Math.min(MOST_ALERTS, notification.alerts.length)
    return {
      subject: titleOf(notification),
      text: textOf(notification, count, dependencies.timezone),
      html: htmlOf(notification, count, dependencies.timezone),
    }
  }

  /** The whole message; equal for each attempt, its id too, by which mail servers and people's programs know it again. */
  async function compose(message: Addressed, content: Content): Promise<Mail> {
    const lane = createHash('sha256').update(message.lane).digest('hex').slice(0, 32)
    const composer = new MailComposer({
      from: settings.from,
      to: [...settings.to],
      ...content,
      date: new Date(message.at),
      messageId: `<${message.key}@${domain}>`,
      // programs show the messages of a lane as one conversation
      references: [`<kivi-${lane}@${domain}>`],
      headers: {
        'auto-submitted': 'auto-generated',
        'x-kivi-lane': lane,
        'x-kivi-sequence': String(message.sequence),
      },
    })
    const mail = composer.compile()
    const { from, to } = mail.getEnvelope()
    return { bytes: await mail.build(), envelope: { from: from || settings.from, to } }
  }

  async function deliver({ bytes, envelope }: Mail, { signal, mayStart }: SendOptions): Promise<Delivery> {
    const { tls, host, port, timeoutMs } = settings
    const connection = new SMTPConnection({
      host,
      port,
      secure: tls === 'required',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      ...(dependencies.tls === undefined ? {} : { tls: dependencies.tls }),
    })
    // what comes after a step has failed, or after the end, is of no interest
    connection.on('error', () => {})
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    // the body is asked for only when the server is ready to take it
    let began = false
    let refused = false
    const body = new Readable({
      read() {
        if (!mayStart()) {
          refused = true
          this.destroy(new Error('not begun, as another leads by now'))
          return
        }
        began = true
        this.push(bytes)
        this.push(null)
      },
    })
    try {
      await step<void>(deadline, connection, done => connection.connect(error => done(error, undefined)))
      if (settings.username !== null)
        await step<void>(deadline, connection, done =>
          connection.login({ user: settings.username!, pass: password ?? '' }, error => done(error, undefined)),
        )
      if (!mayStart()) return { kind: 'refused', answer: 'not begun, as another leads by now' }
      const info = await step<{ response?: string; rejected?: string[] }>(deadline, connection, done =>
        connection.send(envelope, body, done),
      )
      const rejected = info.rejected?.length ? ` (not to ${info.rejected.join(', ')})` : ''
      return { kind: 'delivered', answer: `${info.response ?? 'accepted'}${rejected}` }
    } catch (error) {
      return outcomeOf(error as SmtpError, began && !refused, deadline.aborted)
    } finally {
      connection.close()
    }
  }

  function outcomeOf({ message, responseCode, code }: SmtpError, began: boolean, late: boolean): Delivery {
    const answer = late ? `no answer within ${settings.timeoutMs / 1000} s` : message
    // the server's own word: 4xx not now, 5xx never (503 is about the session)
    if (responseCode !== undefined && responseCode >= 400)
      return { kind: responseCode >= 500 && responseCode !== 503 ? 'failed' : 'refused', answer }
    // an address that is none: no server was asked
    if (code === 'EENVELOPE') return { kind: 'failed', answer }
    return { kind: began ? 'in_doubt' : 'refused', answer }
  }
}

function reportIn(message: DigestMessage): Content {
  const { digest, language } = message
  const { name, last } = digest.period
  return {
    subject: `${digest.title[language]} (${name === last ? name : `${name} – ${last}`})`.replace(/\s+/g, ' '),
    text: digestText(digest, message),
    html: digestHtml(digest, message),
  }
}

/** One step of the session as a promise, over when the connection fails or time is up. */
function step<T = void>(
  deadline: AbortSignal,
  connection: SMTPConnection,
  begin: (done: (error: Error | null | undefined, result: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const late = () => {
      connection.close()
      reject(new Error('given up'))
    }
    if (deadline.aborted) return late()
    deadline.addEventListener('abort', late, { once: true })
    connection.once('error', reject)
    begin((error, result) => {
      deadline.removeEventListener('abort', late)
      connection.off('error', reject)
      if (error) reject(error)
      else resolve(result)
    })
  })
}
