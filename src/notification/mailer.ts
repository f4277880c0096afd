import { createTransport } from 'nodemailer'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** Letters by SMTP. `send` throws what the mail server said. */
export interface Mailer {
  send(mail: Mail): Promise<void>
  close(): void
}

export function createMailer({ url, from }: { url: string; from: string }, timeoutMs: number): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
    // Mail that a machine wrote: nobody's holiday notice should answer it.
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  )
  return {
    async send(mail) {
      await transport.sendMail(mail)
    },
    close: () => transport.close(),
  }
}
