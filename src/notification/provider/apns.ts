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

// Apple refuses tokens older than an hour, and more than one new token in twenty minutes.
const tokenLifetimeMs = 40 * 60_000
const ttlSeconds = 24 * 60 * 60

/** APNs over one HTTP/2 connection, which is reopened when it has ended. */
export async function createApns(settings: ApnsSettings, timeoutMs: number): Promise<PushProvider> {
  const key = await readKey(settings.keyFile)
  const connection = reusedConnection(settings.url)
  let signed: { token: Promise<string>; until: number } | null = null

  function providerToken(): Promise<string> {
    if (!signed || signed.until < Date.now()) {
      const token = new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: settings.keyId })
        .setIssuer(settings.teamId)
        .setIssuedAt()
        .sign(key)
      signed = { token, until: Date.now() + tokenLifetimeMs }
    }
    return signed.token
  }

  async function post(token: string, payload: object, how: { tag: string; urgent: boolean }) {
    const headers = headersOf(token, how, { topic: settings.topic, bearer: await providerToken() })
    const session = connection.get()
    const response = await request(session, headers, JSON.stringify(payload), timeoutMs).catch((error) => {
      // The next request opens a new connection.
      session.destroy()
      throw error
    })
    if (response.reason === 'ExpiredProviderToken') signed = null
    return resultOf(response)
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
    throw new OperatorError(`APNS_KEY_FILE: ${file} is not an APNs signing key.`)
  }
}

function reusedConnection(url: string) {
  let session: ClientHttp2Session | null = null
  return {
    get(): ClientHttp2Session {
      if (session && !session.closed && !session.destroyed) return session
      const opened = connect(url)
      // Its requests fail by themselves; the next one opens a new connection.
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
    'apns-expiration': String(Math.floor(Date.now() / 1_000) + ttlSeconds),
    'apns-collapse-id': tag.slice(0, 64),
  }
}

function payloadOf(notification: PushNotification) {
  const { title, body, badge, tag, silent } = notification
  const aps = { alert: { title, body }, badge, 'thread-id': tag, ...(silent ? {} : { sound: 'default' }) }
  return { aps, ...notificationData(notification) }
}

/** iOS sets the badge and wakes the app, which removes the notifications of the thread. */
function withdrawalOf(withdrawal: Withdrawal) {
  const { badge, tag } = withdrawal
  return { aps: { badge, 'content-available': 1, 'thread-id': tag }, ...withdrawalData(withdrawal) }
}

interface ApnsResponse {
  status: number
  reason: string | null
  retryAfterMs: number | null
}

function request(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  body: string,
  timeoutMs: number,
): Promise<ApnsResponse> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers)
    const timeout = setTimeout(() => {
      stream.close(constants.NGHTTP2_CANCEL)
      reject(new Error(`No response within ${timeoutMs} ms.`))
    }, timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(timeout)
      reject(error)
    }
    let response: Omit<ApnsResponse, 'reason'> | null = null
    let text = ''
    stream.setEncoding('utf8')
    stream.on('response', (fields) => {
      response = { status: fields[':status'] ?? 0, retryAfterMs: retryAfter(fields['retry-after']) }
    })
    stream.on('data', (chunk: string) => {
      text += chunk
    })
    stream.on('error', fail)
    stream.on('close', () => {
      if (!response) return fail(new Error('The connection ended before the response.'))
      clearTimeout(timeout)
      resolve({ ...response, reason: reasonOf(text) })
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
const transientReasons = new Set(['ExpiredProviderToken', 'TooManyProviderTokenUpdates'])

function resultOf({ status, reason, retryAfterMs }: ApnsResponse): SendResult {
  const providerStatus = reason ? `${status} ${reason}` : String(status)
  if (status === 200) return { outcome: 'SENT', providerStatus }
  if (status === 410 || goneReasons.has(reason ?? '')) return { outcome: 'GONE', providerStatus }
  if (isTransient(status) || transientReasons.has(reason ?? ''))
    return { outcome: 'RETRY', providerStatus, retryAfterMs }
  return { outcome: 'FAILED', providerStatus }
}
