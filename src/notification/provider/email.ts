import { createTransport } from 'nodemailer'
import type { SendResult } from './provider.ts'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** Sends mail by SMTP. `send` throws when the server does not respond. */
export interface Mailer {
  send(mail: Mail): Promise<SendResult>
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
    // Suppresses automatic replies.
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  )
  return {
    async send(mail) {
      try {
        const { response } = await transport.sendMail(mail)
        return { outcome: 'SENT', providerStatus: codesOf(response) }
      } catch (error) {
        return failureOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/** A 5xx response to the mail itself is final; failures to sign in or connect are retried. */
function failureOf(error: unknown): SendResult {
  const {
    code,
    response,
    responseCode = 0,
  } = error as {
    code?: string
    response?: string
    responseCode?: number
  }
  if (response === undefined) throw error
  const providerStatus = codesOf(response)
  const final = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
  return final
    ? { outcome: 'FAILED', providerStatus }
    : { outcome: 'RETRY', providerStatus, retryAfterMs: null }
}

// Such as 550 5.1.1, without the text: it contains the address, and senders see the status of their messages.
const codesOf = (response: string): string => response.match(/^\d{3}(?:[ -]\d\.\d+\.\d+)?/)?.[0] ?? ''
