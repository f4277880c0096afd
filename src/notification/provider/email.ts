import { createTransport } from 'nodemailer'
import type { SendResult } from './provider.ts'

export interface Mail {
  to: string
  subject: string
  text: string
}

/** Letters by SMTP. `send` throws when nobody answers. */
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
    // Mail that a machine wrote: nobody's holiday notice should answer it.
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  )
  return {
    async send(mail) {
      try {
        const { response } = await transport.sendMail(mail)
        return { outcome: 'SENT', providerStatus: codesOf(response) }
      } catch (error) {
        return refusalOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/** An answer of 5xx to the letter itself is for good; whoever cannot sign in or connect may later. */
function refusalOf(error: unknown): SendResult {
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
  return final ? { outcome: 'FAILED', providerStatus } : { outcome: 'RETRY', providerStatus, afterMs: null }
}

// Such as 550 5.1.1, without the words: they tell the address to whoever may see what became of a message.
const codesOf = (response: string): string => response.match(/^\d{3}(?:[ -]\d\.\d+\.\d+)?/)?.[0] ?? ''
