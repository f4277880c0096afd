import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createApns } from '../../../src/notification/provider/apns.ts'
import { createFcm } from '../../../src/notification/provider/fcm.ts'
import { createHttpClient } from '../../../src/platform/http-client/client.ts'
import { OperatorError } from '../../../src/platform/operator-error.ts'
import { temporaryFolder } from '../../setup/server-process.ts'

const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  String(key.export({ type: 'pkcs8', format: 'pem' }))
const rsa = (modulusLength: number) => pem(generateKeyPairSync('rsa', { modulusLength }).privateKey)
const ec = (namedCurve: string) => pem(generateKeyPairSync('ec', { namedCurve }).privateKey)

const account = (key: string, projectId = 'chat') =>
  JSON.stringify({ project_id: projectId, client_email: 'push@example.com', private_key: key })

const opens = {
  FCM: async (file: string) => {
    const httpClient = createHttpClient({ timeoutMs: 1_000, allowPrivate: false, tracing: null })
    return createFcm({ accountFile: file, url: 'https://fcm.example' }, httpClient)
  },
  APNs: (file: string) =>
    createApns({ keyFile: file, keyId: 'K', teamId: 'T', topic: 'app', url: 'https://apns.example' }, 1_000),
}

test.each([
  ['FCM', 'an RSA key of 2048 bits', account(rsa(2048))],
  ['APNs', 'a P-256 key', ec('P-256')],
] as const)('%s accepts %s', async (provider, _what, text) => {
  const file = join(await temporaryFolder(), 'key')
  await writeFile(file, text)
  const opened = await opens[provider](file)
  opened.close()
})

test.each([
  ['FCM', 'an RSA key of 1024 bits', account(rsa(1024))],
  ['FCM', 'a key that is cut off', account(rsa(2048).slice(0, 200))],
  ['FCM', 'an empty key', account('')],
  ['FCM', 'an empty project', account(rsa(2048), '')],
  ['FCM', 'no JSON', '{'],
  ['APNs', 'a key of another curve', ec('P-384')],
  ['APNs', 'a key that is cut off', ec('P-256').slice(0, 80)],
  ['APNs', 'an empty file', ''],
] as const)('%s refuses to start with %s', async (provider, _what, text) => {
  const file = join(await temporaryFolder(), 'key')
  await writeFile(file, text)
  await expect(opens[provider](file)).rejects.toBeInstanceOf(OperatorError)
})
