import { expect, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { signsUp } from '../faults/attempts.ts'
import { fetched, uploadsReady } from '../media/verbs.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { createTestDatabase } from '../setup/database.ts'
import { withoutFfmpeg } from '../setup/ffmpeg.ts'
import { freePort } from '../setup/free-port.ts'
import { generousLimits } from '../setup/generous-limits.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { refusal } from '../world/client.ts'
import { refreshes } from './verbs.ts'

const [before, after] = ['the secret before the rotation, long', 'the secret after the rotation, longer']

test('while a second auth secret is accepted, sessions and links continue under a new one', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const [port, folder] = [String(await freePort()), await temporaryFolder()]
  let app: App | null = null
  const stops = async () => {
    await app?.close()
    app = null
  }
  onTestFinished(stops)
  const startsWith = async (secrets: Record<string, string>) => {
    await stops()
    const places = { DATABASE_URL: database.url, DATA_DIR: folder, PORT: port, LOG_LEVEL: 'silent' }
    app = await createApp(readConfig({ ...generousLimits, ...withoutFfmpeg, ...places, ...secrets }), {
      passwordHashing: cheapHashing,
    })
  }
  const url = `http://127.0.0.1:${port}`

  await startsWith({ AUTH_SECRET: before, AUTH_SECRET_ACCEPTED: after })
  const alice = await signsUp(url, 'alice')
  const bytes = Buffer.from('signed under the former secret')
  const media = await uploadsReady(alice, { bytes, filename: 'a.txt', mimeType: 'text/plain' })
  const link = media.url
  const first = alice.credentials.refreshToken
  const lost = (await refreshes(url, first)).refreshToken

  await startsWith({ AUTH_SECRET: after, AUTH_SECRET_ACCEPTED: before })
  expect((await alice.me()).user.id).toBe(alice.id)
  expect((await fetched(link)).bytes).toEqual(bytes)
  // The answer of the other server was lost; the repeated refresh must not start a second chain.
  expect((await refreshes(url, first)).refreshToken).toBe(lost)
  const renewed = await refreshes(url, lost)

  await startsWith({ AUTH_SECRET: after })
  expect(await refusal(alice.me())).toBe('UNAUTHENTICATED')
  expect((await fetched(link)).status).toBe(403)
  expect((await refreshes(url, renewed.refreshToken)).user.id).toBe(alice.id)
  expect(await refusal(refreshes(url, first))).toBe('BAD_CREDENTIALS')
  await expect(startsWith({ AUTH_SECRET: before })).rejects.toThrow('The auth secret is not the one')
})
