import { readFile } from 'node:fs/promises'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { importPKCS8, SignJWT } from 'jose'
import { retryAfter } from '../../platform/http-client/retry-after.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import {
  isTransient,
  notificationData,
  type PushNotification,
  type PushProvider,
  type SendResult,
  type Withdrawal,
  withdrawalData,
} from './provider.ts'

export interface ApnsSettings {
  keyFile: string
  keyId: string
  teamId: string
  topic: string
  url: string
}

// Apple refuses a token older than an hour, and one that is newer than twenty minutes too often.
const tokenLifeMs = 40 * 60_000
const keepSeconds = 24 * 60 * 60

/** Apple, over one HTTP/2 connection that is kept and opened again when it has ended. */
export async function createApns(settings: ApnsSettings, timeoutMs: number): Promise<PushProvider> {
  const key = await readKey(settings.keyFile)
  const connection = keepConnection(settings.url)
  let signed: { token: Promise<string>; until: number } | null = null

  function providerToken(): Promise<string> {
    if (!signed || signed.until < Date.now()) {
      const token = new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: settings.keyId })
        .setIssuer(settings.teamId)
        .setIssuedAt()
        .sign(key)
      signed = { token, until: Date.now() + tokenLifeMs }
    }
    return signed.token
  }

  async function post(token: string, payload: object, how: { tag: string; urgent: boolean }) {
    const headers = headersOf(token, how, { topic: settings.topic, bearer: await providerToken() })
    const session = connection.get()
    const answer = await ask(session, headers, JSON.stringify(payload), timeoutMs).catch((error) => {
      // One that does not answer is not asked again.
      session.destroy()
      throw error
    })
    if (answer.reason === 'ExpiredProviderToken') signed = null
    return resultOf(answer)
  }

  return {
    send: (notification, token) =>
      post(token, payloadOf(notification), { tag: notification.tag, urgent: !notification.silent }),
    withdraw: (withdrawal, token) =>
      post(token, withdrawalOf(withdrawal), { tag: withdrawal.tag, urgent: false }),
    close: () => connection.close(),
  }
}

async function readKey(file: string): Promise<CryptoKey> {
  try {
    return await importPKCS8(await readFile(file, 'utf8'), 'ES256')
  } catch {
    throw new OperatorError(`APNS_KEY_FILE: ${file} is not a signing key.`)
  }
}

function keepConnection(url: string) {
  let session: ClientHttp2Session | null = null
  return {
    get(): ClientHttp2Session {
      if (session && !session.closed && !session.destroyed) return session
      const opened = connect(url)
      // What was asked for on it fails by itself; the next notice gets another.
      opened.on('error', () => {})
      opened.on('goaway', () => {
        if (session === opened) session = null
      })
      opened.unref()
      session = opened
      return opened
    },
    close: () => session?.destroy(),
  }
}

function headersOf(
  token: string,
  { tag, urgent }: { tag: string; urgent: boolean },
  { topic, bearer }: { topic: string; bearer: string },
) {
  return {
    ':method': 'POST',
    ':path': `/3/device/${token}`,
    authorization: `bearer ${bearer}`,
    'apns-topic': topic,
    'apns-push-type': 'alert',
    'apns-priority': urgent ? '10' : '5',
    'apns-expiration': String(Math.floor(Date.now() / 1_000) + keepSeconds),
    'apns-collapse-id': tag.slice(0, 64),
  }
}

function payloadOf(notification: PushNotification) {
  const { title, body, badge, tag, silent } = notification
  const aps = { alert: { title, body }, badge, 'thread-id': tag, ...(silent ? {} : { sound: 'default' }) }
  return { aps, ...notificationData(notification) }
}

/** The icon's number is set by the system; the app, which is woken for it, takes the notices of the thread away. */
function withdrawalOf(withdrawal: Withdrawal) {
  const { badge, tag } = withdrawal
  return { aps: { badge, 'content-available': 1, 'thread-id': tag }, ...withdrawalData(withdrawal) }
}

interface ApnsAnswer {
  status: number
  reason: string | null
  afterMs: number | null
}

function ask(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<ApnsAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers)
    const giveUp = setTimeout(() => {
      stream.close(constants.NGHTTP2_CANCEL)
      reject(new Error(`No answer within ${timeoutMs} ms.`))
    }, timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(giveUp)
      reject(error)
    }
    let answer: Omit<ApnsAnswer, 'reason'> | null = null
    let text = ''
    stream.setEncoding('utf8')
    stream.on('response', (fields) => {
      answer = { status: fields[':status'] ?? 0, afterMs: retryAfter(fields['retry-after']) }
    })
    stream.on('data', (chunk: string) => {
      text += chunk
    })
    stream.on('error', fail)
    stream.on('close', () => {
      if (!answer) return fail(new Error('The connection ended before the answer.'))
      clearTimeout(giveUp)
      resolve({ ...answer, reason: reasonOf(text) })
    })
    stream.end(body)
  })
}

function reasonOf(text: string): string | null {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown }
    return typeof reason === 'string' ? reason : null
  } catch {
    return null
  }
}

const goneReasons = new Set(['BadDeviceToken', 'Unregistered', 'DeviceTokenNotForTopic', 'ExpiredToken'])
const passingReasons = new Set(['ExpiredProviderToken', 'TooManyProviderTokenUpdates'])

function resultOf({ status, reason, afterMs }: ApnsAnswer): SendResult {
  const providerStatus = reason ? `${status} ${reason}` : String(status)
  if (status === 200) return { outcome: 'SENT', providerStatus }
  if (status === 410 || goneReasons.has(reason ?? '')) return { outcome: 'GONE', providerStatus }
  if (isTransient(status) || passingReasons.has(reason ?? ''))
    return { outcome: 'RETRY', providerStatus, afterMs }
  return { outcome: 'FAILED', providerStatus }
}
