import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jwtVerify } from 'jose'
import { createReceiver, type Received, type Receiver, type Reply } from './receiver.ts'

const email = 'push@example.iam.gserviceaccount.com'

/** A stand-in for Google's token endpoint and FCM. */
export interface FcmServer extends Receiver {
  env: Record<string, string>
  /** Revokes all access tokens. */
  revokeAccess(): void
  /** Whether a token request was signed by the account. */
  isSigned(request: Received): Promise<boolean>
}

export async function createFcmServer(folder: string): Promise<FcmServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const accountFile = join(folder, 'account.json')
  const access = new Set<string>()

  const receiver = await createReceiver((request) => {
    if (request.path === '/token') return grant(request)
    const bearer = String(request.headers.authorization).replace('Bearer ', '')
    if (request.path !== '/v1/projects/chat-of-tests/messages:send') return { status: 404 }
    if (!access.has(bearer)) return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } }
    return { status: 200, body: { name: 'projects/chat-of-tests/messages/1' } }
  })

  function grant({ body }: Received): Reply {
    const form = new URLSearchParams(body.toString())
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return { status: 400 }
    const token = randomUUID()
    // `isSigned` verifies the assertion.
    access.add(token)
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } }
  }

  await writeFile(
    accountFile,
    JSON.stringify({
      type: 'service_account',
      project_id: 'chat-of-tests',
      client_email: email,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${receiver.url}/token`,
    }),
  )
  return Object.assign(receiver, {
    env: { FCM_ACCOUNT_FILE: accountFile, FCM_URL: receiver.url },
    revokeAccess: () => access.clear(),
    isSigned: async ({ body }: Received) => {
      const assertion = new URLSearchParams(body.toString()).get('assertion') ?? ''
      const audience = `${receiver.url}/token`
      const { payload } = await jwtVerify(assertion, publicKey, { issuer: email, audience })
      return payload.scope === 'https://www.googleapis.com/auth/firebase.messaging'
    },
  })
}
