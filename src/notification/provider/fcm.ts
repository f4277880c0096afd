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
  project_id: z.string(),
  client_email: z.string(),
  private_key: z.string(),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
})

type Account = z.output<typeof accountSchema>

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const early = 60_000

/** Google, by its HTTP v1 API: the service account signs for an access token, which is used until it ends. */
export async function createFcm(
  { accountFile, url }: { accountFile: string; url: string },
  httpClient: HttpClient,
): Promise<PushProvider> {
  const account = await readAccount(accountFile)
  const key = await importPKCS8(account.private_key, 'RS256')
  let access: { token: string; until: number } | null = null
  let asking: ReturnType<typeof askForAccess> | null = null

  async function accessToken(): Promise<string> {
    if (access && access.until > Date.now()) return access.token
    // Many notices find it out at once; one of them asks.
    asking ??= askForAccess(account, key, httpClient).finally(() => {
      asking = null
    })
    access = await asking
    return access.token
  }

  async function post(message: object): Promise<SendResult> {
    const bearer = await accessToken()
    const answer = await httpClient.post(`${url}/v1/projects/${account.project_id}/messages:send`, {
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
    })
    if (answer.status === 401 && access?.token === bearer) access = null
    return resultOf(answer)
  }

  return {
    send: (notification, token) => post({ token, ...messageOf(notification) }),
    withdraw: (withdrawal, token) => post({ token, ...withdrawalOf(withdrawal) }),
    close: () => httpClient.close(),
  }
}

async function readAccount(file: string): Promise<Account> {
  try {
    return accountSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    throw new OperatorError(`FCM_ACCOUNT_FILE: ${file} is not the file of a service account.`)
  }
}

async function askForAccess(account: Account, key: CryptoKey, httpClient: HttpClient) {
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
  if (status !== 200) throw new Error(`The token endpoint answered ${status}.`)
  const { access_token: token, expires_in: seconds } = accessSchema.parse(JSON.parse(text))
  return { token, until: Date.now() + seconds * 1_000 - early }
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
    // For telephones of Apple's that Google passes on to.
    apns: {
      headers: { 'apns-priority': silent ? '5' : '10', 'apns-collapse-id': tag.slice(0, 64) },
      payload: { aps: { badge, 'thread-id': tag, ...(silent ? {} : { sound: 'default' }) } },
    },
  }
}

/** Data alone shows nothing: the app takes the notice away. */
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
  const { reason, ofToken } = refusalIn(text)
  const providerStatus = reason ? `${status} ${reason}` : String(status)
  if (status === 200) return { outcome: 'SENT', providerStatus }
  if (reason === 'UNREGISTERED' || ofToken) return { outcome: 'GONE', providerStatus }
  if (status === 401 || isTransient(status))
    return { outcome: 'RETRY', providerStatus, afterMs: retryAfter(headers['retry-after']) }
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

/** The error code of the message API, which says more than the HTTP status, and whether the token is what it is about. */
function refusalIn(text: string): { reason: string | null; ofToken: boolean } {
  try {
    const { error } = errorSchema.parse(JSON.parse(text))
    const details = error.details ?? []
    const violations = details.flatMap(({ fieldViolations }) => fieldViolations ?? [])
    return {
      reason: details.find(({ errorCode }) => errorCode)?.errorCode ?? error.status ?? null,
      ofToken: violations.some(({ field }) => field === 'message.token'),
    }
  } catch {
    return { reason: null, ofToken: false }
  }
}
