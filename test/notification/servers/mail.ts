import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'
import { expect, vi } from 'vitest'

export interface ReceivedMail {
  from: string
  to: string[]
  headers: string
  subject: string
  text: string
}

/** A mail server that accepts mails or refuses them. */
export interface MailServer {
  env: Record<string, string>
  mails: ReceivedMail[]
  /** Response codes for the next mails, in this order; 0 accepts one. */
  refusals: (number | Promise<number>)[]
  gets(to: string, count?: number): Promise<ReceivedMail[]>
  close(): Promise<void>
}

export async function createMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'chat' && password === 'secret' ? done(null, { user: 'chat' }) : done(new Error('no')),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        void Promise.resolve(server.refusals.shift()).then((responseCode) => {
          if (responseCode)
            return done(Object.assign(new Error(`5.1.1 Not for ${rcptTo[0]?.address}`), { responseCode }))
          const from = mailFrom ? mailFrom.address : ''
          mails.push({ from, to: rcptTo.map(({ address }) => address), ...read(Buffer.concat(chunks)) })
          done()
        })
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const address = smtp.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const server: MailServer = {
    env: { SMTP_URL: `smtp://chat:secret@127.0.0.1:${port}`, MAIL_FROM: 'Chat <chat@example.com>' },
    mails,
    refusals: [],
    async gets(to, count = 1) {
      const found = () => mails.filter((received) => received.to.includes(to))
      await vi.waitFor(() => expect(found().length).toBeGreaterThanOrEqual(count), 10_000)
      return found()
    },
    close: () => new Promise((resolve) => smtp.close(() => resolve())),
  }
  return server
}

function read(raw: Buffer): Omit<ReceivedMail, 'from' | 'to'> {
  const [headers = '', ...rest] = raw.toString().split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const encoding = headers.match(/^Content-Transfer-Encoding: (\S+)/im)?.[1]
  return { headers, subject: subjectOf(headers), text: decode(body, encoding).replaceAll('\r\n', '\n') }
}

function subjectOf(headers: string): string {
  const unfolded = headers.replace(/\r\n[ \t]+/g, ' ')
  const subject = unfolded.match(/^Subject: (.*)$/im)?.[1] ?? ''
  return subject
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?(b|q)\?(.*?)\?=/gi, (_all, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : decode(text.replaceAll('_', ' '), 'quoted-printable'),
    )
}

function decode(text: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString()
  if (encoding !== 'quoted-printable') return text
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
