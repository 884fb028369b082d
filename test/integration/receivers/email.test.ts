/** Mail to a real SMTP server that takes it, refuses it, or goes away at the worst moment. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { alert, attempt, crowd, message, NOW, receiverOf, settingsOf } from './messages.ts'

interface Mail {
  readonly text: string
  readonly secure: boolean
  readonly to: string[]
}

const open: SMTPServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise<void>(resolve => server.close(resolve))
})

async function startServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    closeTimeout: 1,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        mails.push({ text: Buffer.concat(chunks).toString(), secure: session.secure, to })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return { mails, server, port: (server.server.address() as AddressInfo).port }
}

const mailer = (port: number, changes: object = {}, trust = true) =>
  receiverOf(
    settingsOf('email', '', {
      ...{ host: '127.0.0.1', port, tls: 'none', username: null, password: null, timeoutMs: 5_000 },
      ...{ from: 'Kivi <kivi@example.com>', to: ['ops@example.com', 'growth@example.com'] },
      ...changes,
    }),
    // the server's own certificate is signed by nobody
    { env: { KEY: 'pass-w0rd' }, tls: { rejectUnauthorized: !trust } },
  )

const error = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

/** A quoted-printable or base64 part, as people read it. */
function part(mail: Mail, type: string): string {
  const [, head = '', body = ''] =
    new RegExp(`(Content-Type: ${type}[\\s\\S]*?)\\r\\n\\r\\n([\\s\\S]*?)\\r\\n--`).exec(mail.text) ?? []
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString()
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

describe('a mail', () => {
  test('arrives as text and HTML, over TLS, after a login', async () => {
    const logins: unknown[] = []
    const { mails, port } = await startServer({
      secure: true,
      onAuth: ({ username, password }, _, done) => {
        logins.push([username, password])
        done(null, { user: username })
      },
    })
    const receiver = mailer(port, { tls: 'required', username: 'kivi', password: { env: 'KEY' } })
    expect(await receiver.send(message(), attempt())).toMatchObject({ kind: 'delivered' })
    expect(logins).toEqual([['kivi', 'pass-w0rd']])
    const [mail] = mails as [Mail]
    expect([mail.secure, mail.to]).toEqual([true, ['ops@example.com', 'growth@example.com']])
    expect(mail.text).toContain('Subject: [FIRING 1] CtrLow')
    expect(mail.text).toContain('Auto-Submitted: auto-generated')
    for (const type of ['text/plain', 'text/html']) {
      const text = part(mail, type)
      for (const piece of [
        'CTR of spring 1 is 1.2 %',
        'target 2 %',
        'since 2026-11-22 10:04 GMT+8',
        'https://kivi.example/alerts/1',
      ])
        expect(text).toContain(piece)
    }
  })

  test('has the same id in each attempt, and stands in one conversation with the others of its lane', async () => {
    const { mails, port } = await startServer()
    const receiver = mailer(port)
    await receiver.send(message(), attempt())
    await receiver.send(message(), attempt())
    await receiver.send(message({ key: 'another', sequence: 8 }), attempt())
    const header = (name: string) => mails.map(({ text }) => new RegExp(`^${name}: (.*)`, 'im').exec(text)?.[1])
    expect(header('message-id')).toEqual([
      '<5f0e2c1a-key@example.com>',
      '<5f0e2c1a-key@example.com>',
      '<another@example.com>',
    ])
    expect(new Set(header('references')).size).toBe(1)
    expect(header('x-kivi-sequence')).toEqual(['7', '7', '8'])
  })

  test('is upgraded to TLS, or not sent', async () => {
    const { mails, port } = await startServer()
    expect(await mailer(port, { tls: 'starttls' }).send(message(), attempt())).toMatchObject({ kind: 'delivered' })
    expect(mails.map(({ secure }) => secure)).toEqual([true])
    const plain = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] })
    expect(await mailer(plain.port, { tls: 'starttls' }).send(message(), attempt())).toMatchObject({ kind: 'failed' })
    expect(plain.mails).toEqual([])
  })

  test('is not handed to a server whose certificate nobody signed', async () => {
    const { mails, port } = await startServer({ secure: true })
    const delivery = await mailer(port, { tls: 'required' }, false).send(message(), attempt())
    expect(delivery).toMatchObject({ kind: 'refused', answer: expect.stringMatching(/certificate/i) })
    expect(mails).toEqual([])
  })

  test('about ten thousand alerts names the first two hundred', async () => {
    const { mails, port } = await startServer()
    expect(await mailer(port).send(crowd(), attempt())).toMatchObject({ kind: 'delivered' })
    const text = part(mails[0]!, 'text/plain')
    expect(text.match(/🔴/g)?.length).toBe(200)
    expect(text).toContain('and 9800 more')
    expect(text).toContain('https://kivi.example/alerts?rule=CtrLow')
  })

  test('shows labels from events as text', async () => {
    const { mails, port } = await startServer()
    const hostile = alert(1, { annotations: { summary: '<script>alert(1)</script> "&' } })
    await mailer(port).send(message({ alerts: [hostile] }), attempt())
    const html = part(mails[0]!, 'text/html')
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;')
    expect(html).not.toContain('<script>')
  })

  test('speaks Chinese', async () => {
    const { mails, port } = await startServer()
    const over = alert(1, { status: 'resolved', endsAt: NOW, reason: 'rule_removed' })
    await mailer(port).send(message({ language: 'zh', alerts: [over] }), attempt())
    expect(part(mails[0]!, 'text/plain')).toMatch(/\[已恢复 1\] CtrLow[\s\S]*规则已删除/)
  })
})

describe('outcomes', () => {
  test.each([
    ['a full mailbox, for now', 452, 'refused'],
    ['an unknown recipient', 550, 'failed'],
  ] as const)('%s (%i) is %s', async (_, code, kind) => {
    const { mails, port } = await startServer({ onRcptTo: (_, __, done) => done(error(code, 'not to them')) })
    const delivery = await mailer(port).send(message(), attempt())
    expect(delivery).toMatchObject({ kind, answer: expect.stringContaining('not to them') })
    expect(mails).toEqual([])
  })

  test('one recipient of two is delivered, and the other named', async () => {
    const { mails, port } = await startServer({
      onRcptTo: ({ address }, _, done) => done(address.startsWith('ops') ? error(550, 'gone') : null),
    })
    const delivery = await mailer(port).send(message(), attempt())
    expect(delivery).toMatchObject({ kind: 'delivered', answer: expect.stringContaining('not to ops@example.com') })
    expect(mails.map(({ to }) => to)).toEqual([['growth@example.com']])
  })

  test.each([
    [451, 'refused'],
    [554, 'failed'],
  ] as const)('a mail that is read and answered %i is %s', async (code, kind) => {
    const { port } = await startServer({
      onData: (stream, _, done) => {
        stream.resume()
        stream.on('end', () => done(error(code, 'looks like spam')))
      },
    })
    expect(await mailer(port).send(message(), attempt())).toMatchObject({
      kind,
      answer: expect.stringContaining('spam'),
    })
  })

  test('a server that goes away after it read the mail leaves a doubt', async () => {
    const { port, server } = await startServer({
      onData: stream => {
        stream.resume()
        stream.on('end', () => {
          for (const connection of server.connections) connection._socket.destroy()
        })
      },
    })
    expect(await mailer(port).send(message(), attempt())).toMatchObject({ kind: 'in_doubt' })
  })

  test('a server that reads the mail and says nothing leaves a doubt; one that never greets does not', async () => {
    const { port } = await startServer({ onData: stream => void stream.resume() })
    expect(await mailer(port, { timeoutMs: 500 }).send(message(), attempt())).toEqual({
      kind: 'in_doubt',
      answer: 'no answer within 0.5 s',
    })
    const silent = await startServer({ onConnect: () => {} })
    expect(await mailer(silent.port, { timeoutMs: 300 }).send(message(), attempt())).toMatchObject({ kind: 'refused' })
  })

  test('a wrong password is for a person to mend, and is not shown', async () => {
    const { port } = await startServer({ onAuth: (_, __, done) => done(error(535, 'no: pass-w0rd')) })
    const receiver = mailer(port, { tls: 'starttls', username: 'kivi', password: { env: 'KEY' } })
    const delivery = await receiver.send(message(), attempt())
    expect(delivery).toMatchObject({ kind: 'failed', answer: expect.stringContaining('***') })
    expect(delivery.answer).not.toContain('pass-w0rd')
  })

  test('nobody listening: refused', async () => {
    const { port, server } = await startServer()
    open.length = 0
    await new Promise<void>(resolve => server.close(resolve))
    expect(await mailer(port).send(message(), attempt())).toMatchObject({ kind: 'refused' })
  })

  test('a deposed leader hands no mail over, wherever in the session it is deposed', async () => {
    const { mails, port } = await startServer()
    for (const after of [0, 1]) {
      let asked = 0
      const delivery = await mailer(port).send(
        message(),
        attempt(() => asked++ < after),
      )
      expect(delivery.kind).toBe('refused')
    }
    expect(mails).toEqual([])
  })
})
