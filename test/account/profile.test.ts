import { describe, expect, test } from 'vitest'
import { perform, refusal, refusalOf } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { MeQuery } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'
import { looksUp, looksUpHandle, updatesProfile } from './verbs.ts'

const world = useWorld()

describe('updateProfile', () => {
  test('is announced to the owner and friends, and to no stranger', async () => {
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

  test('keeps omitted fields and clears empty ones', async () => {
    const alice = await world.person('alice')
    const full = { bio: 'about me', email: 'alice@example.org', phone: '+49 (30) 123-456' }
    expect(await updatesProfile(alice, full)).toMatchObject({
      email: 'alice@example.org',
      phone: '+4930123456',
      user: { displayName: 'alice', bio: 'about me' },
    })
    expect(await updatesProfile(alice, { bio: null, email: '' })).toMatchObject({
      email: null,
      phone: '+4930123456',
      user: { displayName: 'alice', bio: null },
    })
  })

  test('does not announce contact data to friends', async () => {
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
  ])('rejects the %s %j with INVALID_INPUT', async (field, value) => {
    const alice = await world.person('alice')
    const refused = await refusalOf(updatesProfile(alice, { [field]: value }))
    expect(refused.code).toBe('INVALID_INPUT')
    expect(refused.extensions.issues).toMatchObject([{ path: `input.${field}` }])
  })

  test('accepts a display name and bio of maximum length', async () => {
    const alice = await world.person('alice')
    const input = { displayName: '😀'.repeat(64), bio: '界'.repeat(280) }
    expect((await updatesProfile(alice, input)).user).toMatchObject(input)
  })

  test('rejects an unknown image with NOT_FOUND', async () => {
    const alice = await world.person('alice')
    expect(await refusal(updatesProfile(alice, { avatarMediaId: 'no such image' }))).toBe('NOT_FOUND')
    expect((await looksUp(alice, alice.id))?.avatarUrl).toBeNull()
  })
})

describe('user queries', () => {
  test('find a user by id and by handle', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    expect(await looksUp(alice, bob.id)).toMatchObject({ id: bob.id, handle: bob.handle, deletedAt: null })
    expect((await looksUpHandle(alice, bob.handle.toUpperCase()))?.id).toBe(bob.id)
    expect(await looksUp(alice, 'unknown')).toBeNull()
    expect(await looksUpHandle(alice, 'unknown')).toBeNull()
  })

  test('and updateProfile are rejected with UNAUTHENTICATED without a sign-in', async () => {
    expect(await refusal(perform(world.url, MeQuery, {}, null))).toBe('UNAUTHENTICATED')
    const alice = await world.person('alice')
    alice.credentials = { ...alice.credentials, accessToken: '' }
    expect(await refusal(looksUp(alice, alice.id))).toBe('UNAUTHENTICATED')
    expect(await refusal(looksUpHandle(alice, alice.handle))).toBe('UNAUTHENTICATED')
    expect(await refusal(updatesProfile(alice, { bio: 'x' }))).toBe('UNAUTHENTICATED')
  })
})
