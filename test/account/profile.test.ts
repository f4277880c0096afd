import { describe, expect, test } from 'vitest'
import { perform, refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { MeQuery } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'
import { looksUp, looksUpHandle, updatesProfile } from './verbs.ts'

const world = useWorld()

describe('a profile', () => {
  test('changes for its owner, their friends and nobody who does not know them', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const stranger = await world.person('carol')
    const inbox = await bob.listens()
    const before = await stranger.syncCursor()

    await liveEqualsRefetch([alice, bob], () => updatesProfile(alice, { displayName: 'Alicia', bio: '你好' }))

    const { user } = await inbox.sees('UserChanged', (event) => event.user.id === alice.id)
    expect(user).toMatchObject({ displayName: 'Alicia', bio: '你好' })
    expect(await looksUp(stranger, alice.id)).toMatchObject({ displayName: 'Alicia', bio: '你好' })
    expect((await stranger.sync(before)).users).toEqual([])
    inbox.close()
  })

  test('keeps what is left out, and loses what is emptied', async () => {
    const alice = await world.person('alice')
    const full = { bio: 'about me', email: 'alice@example.org', phone: '+49 (30) 123-456' }
    expect(await updatesProfile(alice, full)).toMatchObject({
      email: 'alice@example.org',
      phone: '+4930123456',
      user: { displayName: 'alice', bio: 'about me' },
    })
    expect(await updatesProfile(alice, { displayName: null, bio: null, email: '' })).toMatchObject({
      email: null,
      phone: '+4930123456',
      user: { displayName: 'alice', bio: null },
    })
  })

  test('does not tell friends of an address', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const before = await bob.syncCursor()
    await updatesProfile(alice, { email: 'alice@example.org' })
    expect((await bob.sync(before)).users).toEqual([])
  })

  test.each([
    ['displayName', ''],
    ['displayName', 'x'.repeat(65)],
    ['displayName', '\u2066x'],
    ['bio', 'x'.repeat(281)],
    ['bio', 'nul\0'],
    ['email', 'alice'],
    ['email', 'alice@localhost'],
    ['email', 'a b@example.org'],
    ['phone', '030 123456'],
    ['phone', '+1234567890123456'],
  ])('may not have the %s %j', async (field, value) => {
    const alice = await world.person('alice')
    const refused = await refusalOf(updatesProfile(alice, { [field]: value }))
    expect(refused.code).toBe('INVALID_INPUT')
    expect(refused.extensions.issues).toMatchObject([{ path: `input.${field}` }])
  })

  test('may have all it can hold', async () => {
    const alice = await world.person('alice')
    const input = { displayName: '😀'.repeat(64), bio: '界'.repeat(280) }
    expect((await updatesProfile(alice, input)).user).toMatchObject(input)
  })

  test('has no picture that is not there', async () => {
    const alice = await world.person('alice')
    expect(await refusal(updatesProfile(alice, { avatarMediaId: 'no such image' }))).toBe('NOT_FOUND')
    expect((await looksUp(alice, alice.id))?.avatarUrl).toBeNull()
  })
})

describe('a user', () => {
  test('is found by id and by handle', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    expect(await looksUp(alice, bob.id)).toMatchObject({ id: bob.id, handle: bob.handle, deletedAt: null })
    expect((await looksUpHandle(alice, bob.handle.toUpperCase()))?.id).toBe(bob.id)
    expect(await looksUp(alice, 'nobody')).toBeNull()
    expect(await looksUpHandle(alice, 'nobody')).toBeNull()
  })

  test('is nothing for those who have not signed in', async () => {
    expect(await refusal(perform(world.url, MeQuery, {}, null))).toBe('UNAUTHENTICATED')
    const alice = await world.person('alice')
    alice.credentials = { ...alice.credentials, accessToken: '' }
    expect(await refusal(looksUp(alice, alice.id))).toBe('UNAUTHENTICATED')
    expect(await refusal(looksUpHandle(alice, alice.handle))).toBe('UNAUTHENTICATED')
    expect(await refusal(updatesProfile(alice, { bio: 'x' }))).toBe('UNAUTHENTICATED')
  })
})
