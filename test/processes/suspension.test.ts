import { describe, expect, test } from 'vitest'
import { logsIn, onDevice, refreshes, registers } from '../auth/verbs.ts'
import { restores, suspends } from '../moderation/verbs.ts'
import { refusal } from '../world/client.ts'
import { Inbox } from '../world/inbox.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'
import { timed } from '../world/stopwatch.ts'
import { hasRedis, useFleet } from './fleet.ts'
import { isOutWithin } from './soon.ts'

describe.skipIf(!hasRedis)('a user who is suspended at one of two servers', () => {
  const fleet = useFleet(2, { ADMIN_HANDLES: 'the.judge' })

  async function judge(): Promise<Person> {
    const url = fleet.urls[0] ?? ''
    const identity = { handle: 'the.judge', password: passwordOf('the.judge') }
    const signedIn = await registers(url, { ...identity, displayName: 'Judge' }).catch(() =>
      logsIn(url, identity),
    )
    return new Person(url, 'judge', { ...identity, id: signedIn.user.id }, credentialsOf(signedIn))
  }

  for (const network of ['up', 'away'] as const)
    test(`is signed out at the other within 5 s while Redis is ${network}`, async () => {
      const [moderator, alice] = [await judge(), await fleet.person('alice', 1)]
      const bob = await fleet.person('bob', 1)
      const { id } = await alice.opens(bob)
      const phone = fleet.at(await onDevice(bob), 1)
      const socket = phone.patientSocket()
      const closed = new Promise((resolve) => socket.on('closed', resolve))
      const inbox = new Inbox(socket, {})
      await inbox.sees('Checkpoint')
      if (network === 'away') fleet.networks[1]?.refuses()

      await suspends(moderator, bob)
      const ending = timed(closed)
      expect(['SUSPENDED', 'UNAUTHENTICATED']).toContain(await refusal(phone.sends(id, 'after it')))
      expect(await isOutWithin(phone, 1_100)).toBe(true)
      expect((await inbox.sees('SessionEnded')).endReason).toBe('SUSPENDED')
      const [end, endingMs] = await ending
      expect(end).toMatchObject({ code: 4401 })
      expect(endingMs).toBeLessThan(5_000)
      expect(await refusal(onDevice(bob))).toBe('SUSPENDED')
      expect(await refusal(refreshes(bob.url, bob.credentials.refreshToken))).toBe('SUSPENDED')
      expect(await alice.history(id)).toEqual([])

      fleet.networks[1]?.passes()
      await restores(moderator, bob)
      expect((await (await onDevice(bob)).me()).user.id).toBe(bob.id)
    })
})
