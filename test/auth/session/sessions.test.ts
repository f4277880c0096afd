import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import {
  answer,
  changesPassword,
  inDatabase,
  logsIn,
  logsOut,
  onDevice,
  refreshes,
  revokes,
  revokesOthers,
} from '../verbs.ts'

const world = useWorld()

describe('a session', () => {
  test('ends by logout, on this device only', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const inbox = await phone.listens()
    expect(await liveEqualsRefetch([alice], () => logsOut(phone))).toBe(phone.credentials.sessionId)

    expect((await inbox.sees('SessionEnded')).endReason).toBe('SIGNED_OUT')
    expect(await inbox.ended).toBeNull()
    expect(await answer(phone)).toBe('UNAUTHENTICATED')
    expect(await answer(alice)).toBe('live')
  })

  test('ends when another device revokes it', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const inbox = await phone.listens()
    const { sessionId } = phone.credentials
    const me = await liveEqualsRefetch([alice], () => revokes(alice, sessionId))
    expect(me.sessions).toMatchObject([{ id: alice.credentials.sessionId, current: true }])

    expect((await inbox.sees('SessionEnded')).endReason).toBe('REVOKED')
    expect(await inbox.ended).toBeNull()
    expect(await answer(phone)).toBe('UNAUTHENTICATED')
    expect((await revokes(alice, sessionId)).sessions).toHaveLength(1)
  })

  test('of another user cannot be revoked', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    expect(await refusal(revokes(alice, bob.credentials.sessionId))).toBe('NOT_FOUND')
    expect(await refusal(revokes(alice, 'no session'))).toBe('NOT_FOUND')
    expect(await answer(bob)).toBe('live')
  })

  test('stays when the others are revoked', async () => {
    const alice = await world.person('alice')
    const others = [await onDevice(alice), await onDevice(alice)]
    const me = await liveEqualsRefetch([alice], () => revokesOthers(alice))
    expect(me.sessions).toMatchObject([{ current: true }])
    expect(await Promise.all(others.map(answer))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
    expect((await revokesOthers(alice)).sessions).toHaveLength(1)
  })

  test('ended on another server is rejected within a second', async () => {
    const alice = await world.person('alice')
    expect(await answer(alice)).toBe('live')
    await inDatabase(
      world,
      `update session set ended_at = now(), end_reason = 'REVOKED' where user_id = $1`,
      [alice.id],
    )
    const endedAt = Date.now()
    let [asked, answered] = [endedAt, 'live']
    while (answered === 'live' && asked - endedAt < 1_000) {
      asked = Date.now()
      answered = await answer(alice)
    }
    expect(answered).toBe('UNAUTHENTICATED')
  })

  test('is not listed after it expired', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    await inDatabase(world, 'update session set expires_at = now() where id = $1', [
      phone.credentials.sessionId,
    ])
    expect((await alice.me()).sessions).toMatchObject([{ id: alice.credentials.sessionId }])
  })
})

describe('changePassword', () => {
  const next = 'quite another password'

  test('sets the new password and ends the other sessions', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const inbox = await phone.listens()
    const current = passwordOf(alice.handle)
    const me = await liveEqualsRefetch([alice], () => changesPassword(alice, { current, next }))
    expect(me.sessions).toMatchObject([{ current: true }])

    expect((await inbox.sees('SessionEnded')).endReason).toBe('PASSWORD_CHANGED')
    expect(await inbox.ended).toBeNull()
    expect(await refusal(refreshes(world.url, phone.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    expect(await refusal(logsIn(world.url, { handle: alice.handle, password: current }))).toBe(
      'BAD_CREDENTIALS',
    )
    expect((await logsIn(world.url, { handle: alice.handle, password: next })).user.id).toBe(alice.id)
    expect(await answer(alice)).toBe('live')
  })

  test('requires the current password and an allowed new one', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const current = passwordOf(alice.handle)
    expect(await refusal(changesPassword(alice, { current: 'a guess at it', next }))).toBe('BAD_CREDENTIALS')
    for (const weak of ['seven77', 'password', alice.handle])
      expect(await refusal(changesPassword(alice, { current, next: weak }))).toBe('INVALID_INPUT')
    expect(await answer(phone)).toBe('live')
  })

  test('accepts one of two concurrent changes', async () => {
    const alice = await world.person('alice')
    const phone = await onDevice(alice)
    const current = passwordOf(alice.handle)
    const asked = await Promise.allSettled([
      changesPassword(alice, { current, next: `${next} of one` }),
      changesPassword(phone, { current, next: `${next} of two` }),
    ])
    expect(asked.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    const live = [await answer(alice), await answer(phone)].filter((one) => one === 'live')
    expect(live).toHaveLength(1)
  })
})
