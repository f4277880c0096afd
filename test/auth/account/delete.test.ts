import { describe, expect, test } from 'vitest'
import { finds, looksUp, looksUpHandle } from '../../account/verbs.ts'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { answer, deletesAccount, logsIn, onDevice, refreshes, registers } from '../verbs.ts'

const world = useWorld()

describe('a deleted account', () => {
  test('leaves a tombstone and a readable history', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await bob.sends(id, 'remember me')
    const phone = await onDevice(bob)
    const inbox = await phone.listens()

    expect(await liveEqualsRefetch([alice], () => deletesAccount(bob))).toEqual({
      id: bob.id,
      deletedAt: expect.any(String),
    })

    expect((await inbox.sees('SessionEnded')).endReason).toBe('SUSPENDED')
    expect(await inbox.ended).toBeNull()
    expect([await answer(bob), await answer(phone)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect(await refusal(refreshes(world.url, phone.credentials.refreshToken))).toBe('UNAUTHENTICATED')

    const tombstone = await looksUp(alice, bob.id)
    expect(tombstone).toMatchObject({ id: bob.id, displayName: 'Deleted account', bio: null })
    expect(tombstone?.handle).toMatch(/^deleted_/)
    expect(tombstone?.deletedAt).toBeTruthy()
    expect(await alice.message(message.id)).toMatchObject({
      plainText: 'remember me',
      sender: { id: bob.id },
    })
    expect(await refusal(alice.sends(id, 'are you there?'))).toBe('NOT_FRIENDS')
  })

  test('is announced to friends', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const inbox = await alice.listens()
    await deletesAccount(bob)
    expect((await inbox.sees('FriendshipChanged')).friendship).toBeNull()
    const { user } = await inbox.sees('UserChanged', (event) => event.user.deletedAt !== null)
    expect(user.id).toBe(bob.id)
    inbox.close()
  })

  test('is not found, cannot sign in, and its handle is not given away', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const password = passwordOf(bob.handle)
    await deletesAccount(bob)
    const tombstone = await looksUp(alice, bob.id)
    expect(await looksUpHandle(alice, bob.handle)).toBeNull()
    expect(await looksUpHandle(alice, tombstone?.handle ?? '')).toBeNull()
    expect(await finds(alice, bob.handle)).toEqual([])
    expect(await refusal(logsIn(world.url, { handle: bob.handle, password }))).toBe('BAD_CREDENTIALS')
    const successor = { handle: bob.handle, password, displayName: 'Bob' }
    expect(await refusal(registers(world.url, { ...successor, password: 'a new password' }))).toBe('CONFLICT')
  })

  test('transfers the ownership of its groups', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await bob.creates('climbing', [alice])
    await deletesAccount(bob)
    expect((await alice.conversation(group.id))?.membership.role).toBe('OWNER')
  })

  test('requires the password', async () => {
    const bob = await world.person('bob')
    expect(await refusal(deletesAccount(bob, 'not the password'))).toBe('BAD_CREDENTIALS')
    expect(await answer(bob)).toBe('live')
  })
})
