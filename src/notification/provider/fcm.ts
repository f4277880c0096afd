import { readFile } from 'node:fs/promises'
import { importPKCS8, SignJWT } from 'jose'
import { z } from 'zod'
import type { HttpClient, HttpResponse } from '../../platform/http-client/client.ts'
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

const accountSchema = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(1),
  private_key: z.string(),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
})

type Account = z.output<typeof accountSchema>

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
/** Access tokens are replaced so long before they expire. */
const marginMs = 60_000

/** FCM by its HTTP v1 API, with access tokens of a service account. */
export async function createFcm(
  { accountFile, url }: { accountFile: string; url: string },
  httpClient: HttpClient,
): Promise<PushProvider> {
  const { account, key } = await readAccount(accountFile)
  let access: { token: string; until: number } | null = null
  let pending: ReturnType<typeof requestAccess> | null = null

  async function accessToken(): Promise<string> {
    if (access && access.until > Date.now()) return access.token
    // Concurrent sends share one token request.
    pending ??= requestAccess(account, key, httpClient).finally(() => {
      pending = null
    })
    access = await pending
    return access.token
  }

  async function post(message: object): Promise<SendResult> {
    const bearer = await accessToken()
    const response = await httpClient.post(`${url}/v1/projects/${account.project_id}/messages:send`, {
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    })
    if (response.status === 401 && access?.token === bearer) access = null
    return resultOf(response)
  }

  return {
    send: (notification, token) => post({ token, ...messageOf(notification) }),
    withdraw: (withdrawal, token) => post({ token, ...withdrawalOf(withdrawal) }),
    close: () => httpClient.close(),
  }
}

async function readAccount(file: string): Promise<{ account: Account; key: CryptoKey }> {
  try {
    const account = accountSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    const key = await importPKCS8(account.private_key, 'RS256')
    // An RSA key that is too short is refused only when it signs.
    await new SignJWT().setProtectedHeader({ alg: 'RS256' }).sign(key)
    return { account, key }
  } catch {
    throw new OperatorError(`FCM_ACCOUNT_FILE: ${file} is not a service account key file.`)
  }
}

async function requestAccess(account: Account, key: CryptoKey, httpClient: HttpClient) {
  const assertion = await new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key)
  const { status, text } = await httpClient.post(account.token_uri, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion,
    }).toString(),
  })
  if (status !== 200) throw new Error(`The token endpoint responded with ${status}.`)
  const { access_token: token, expires_in: seconds } = accessSchema.parse(JSON.parse(text))
  return { token, until: Date.now() + seconds * 1_000 - marginMs }
}

const accessSchema = z.object({ access_token: z.string(), expires_in: z.number() })

function messageOf(notification: PushNotification) {
  const { title, body, tag, badge, silent } = notification
  return {
    notification: { title, body },
    data: notificationData(notification),
    android: {
      collapse_key: tag,
      priority: silent ? 'NORMAL' : 'HIGH',
      notification: { tag, notification_count: badge },
    },
    // For Apple devices that FCM reaches by APNs.
    apns: {
      headers: { 'apns-priority': silent ? '5' : '10', 'apns-collapse-id': tag.slice(0, 64) },
      payload: { aps: { badge, 'thread-id': tag, ...(silent ? {} : { sound: 'default' }) } },
    },
  }
}

/** A data message shows nothing; the app removes the notification. */
function withdrawalOf(withdrawal: Withdrawal) {
  const { tag, badge } = withdrawal
  return {
    data: withdrawalData(withdrawal),
    android: { collapse_key: tag, priority: 'NORMAL' },
    apns: {
      headers: { 'apns-priority': '5', 'apns-collapse-id': tag.slice(0, 64) },
      payload: { aps: { badge, 'content-available': 1 } },
    },
  }
}

function resultOf({ status, headers, text }: HttpResponse): SendResult {
  const { reason, concernsToken } = errorIn(text)
  const providerStatus = reason ? `${status} ${reason}` : String(status)
  if (status === 200) return { outcome: 'SENT', providerStatus }
  if (reason === 'UNREGISTERED' || concernsToken) return { outcome: 'GONE', providerStatus }
  if (status === 401 || isTransient(status))
    return { outcome: 'RETRY', providerStatus, retryAfterMs: retryAfter(headers['retry-after']) }
  return { outcome: 'FAILED', providerStatus }
}

const errorSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z
      .array(
        z.looseObject({
          errorCode: z.string().optional(),
          fieldViolations: z.array(z.looseObject({ field: z.string() })).optional(),
        }),
      )
      .optional(),
  }),
})

/** The error code of FCM, which is more specific than the HTTP status, and whether it concerns the device token. */
function errorIn(text: string): { reason: string | null; concernsToken: boolean } {
  try {
    const { error } = errorSchema.parse(JSON.parse(text))
    const details = error.details ?? []
    const violations = details.flatMap(({ fieldViolations }) => fieldViolations ?? [])
    return {
      reason: details.find(({ errorCode }) => errorCode)?.errorCode ?? error.status ?? null,
      concernsToken: violations.some(({ field }) => field === 'message.token'),
    }
  } catch {
    return { reason: null, concernsToken: false }
  }
}
