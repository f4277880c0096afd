import { expect, test } from 'vitest'
import webpush from 'web-push'
import { useResolver } from '../../world/resolver.ts'
import { useWorld } from '../../world/world.ts'
import { browser, registersDevice, sendsTestPush } from '../verbs.ts'

// A name server with one private name.
useResolver((host) => {
  if (host === 'database.corp.example') return [{ address: '10.0.0.7', family: 4 }]
  const unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
  return host.endsWith('.corp.example') ? unknown : null
})

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
    const { status, providerStatus } = await sendsTestPush(eve, id)
    outcomes.push([status, providerStatus])
  }
  const same = ['FAILED', 'The push service is unreachable.']
  expect(outcomes).toEqual([same, same])
})
