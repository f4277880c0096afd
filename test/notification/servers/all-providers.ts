import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createApnsServer } from './apns.ts'
import { createBrowserPushServer } from './browser-push.ts'
import { createFcmServer } from './fcm.ts'
import { createGatewayServer } from './gateway.ts'

/** One server of each provider for the tests of a file, and the settings for all of them. */
export async function useProviders() {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-push-'))
  const apns = await createApnsServer(folder)
  const fcm = await createFcmServer(folder)
  const browsers = await createBrowserPushServer()
  const gateway = await createGatewayServer()
  afterAll(async () => {
    await Promise.all([apns.close(), fcm.close(), browsers.close(), gateway.close()])
    await rm(folder, { recursive: true })
  })
  return { apns, fcm, browsers, gateway, env: { ...apns.env, ...fcm.env, ...browsers.env, ...gateway.env } }
}
