import { expect, test } from 'vitest'
import { updatesProfile } from '../../account/verbs.ts'
import { ask } from '../../server/wire.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

test.each(['EMAIL', 'SMS'])(
  'requestContactVerification(%s) without a provider is FORBIDDEN',
  async (channel) => {
    const alice = await world.person('alice')
    await updatesProfile(alice, { email: 'alice@example.org', phone: '+4930123456' })
    const query = `mutation { requestContactVerification(input: { channel: ${channel} }) { verification { channel } } }`
    const { body } = await ask(world.url, query, alice.credentials.accessToken)
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  },
)
