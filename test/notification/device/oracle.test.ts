import { expect, test, vi } from 'vitest'
import webpush from 'web-push'
import { useWorld } from '../../world/world.ts'
import { browser, registersDevice, triesPush } from '../verbs.ts'

type Found = (error: Error | null, addresses: { address: string; family: number }[]) => void

// A name server that knows one private name.
vi.mock('node:dns', async (actual) => ({
  ...(await actual<typeof import('node:dns')>()),
  lookup: (host: string, _options: object, callback: Found) =>
    host.startsWith('database.')
      ? callback(null, [{ address: '10.0.0.7', family: 4 }])
      : callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []),
}))

const { publicKey, privateKey } = webpush.generateVAPIDKeys()
const world = useWorld({
  VAPID_PUBLIC_KEY: publicKey,
  VAPID_PRIVATE_KEY: privateKey,
  VAPID_SUBJECT: 'mailto:admin@example.com',
})

test('a failed push does not say whether a private name exists', async () => {
  const eve = await world.person('eve')
  const outcomes = []
  for (const host of ['database.corp.example', 'missing.corp.example']) {
    const { id } = await registersDevice(eve, 'WEB_PUSH', browser(`https://${host}/1`).token)
    const { status, providerStatus } = await triesPush(eve, id)
    outcomes.push([status, providerStatus])
  }
  const same = ['FAILED', 'The push service cannot be reached.']
  expect(outcomes).toEqual([same, same])
})
