import { describe, expect, test } from 'vitest'
import { looksUp } from '../account/verbs.ts'
import { answer, deletesAccount, inDatabase, logsIn, onDevice, refreshes } from '../auth/verbs.ts'
import { Refused, refusal, refusalOf } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { Inbox } from '../world/inbox.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { type Person, passwordOf } from '../world/person.ts'
import {
  auditOf,
  reportOf,
  reportsMessage,
  resolves,
  restores,
  suspends,
  useModeratedWorld,
} from './verbs.ts'

const { world, molly, max } = useModeratedWorld()

const signsIn = (person: Person, password = passwordOf(person.handle)) =>
  logsIn(world.url, { handle: person.handle, password })

const later = (ms: number) => new Date(Date.now() + ms)

describe('a suspension', () => {
  test('ends every session, with its sockets, for good', async () => {
    const bob = await world.person('bob')
    const phone = await onDevice(bob)
    const socket = phone.socket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inboxes = [await bob.listens(), new Inbox(socket, {})]
    for (const inbox of inboxes) await inbox.sees('Checkpoint')
    const since = performance.now()
    expect((await suspends(molly(), bob)).id).toBe(bob.id)

    for (const inbox of inboxes) {
      expect((await inbox.sees('SessionEnded')).endReason).toBe('SUSPENDED')
      expect(await inbox.ended).toBeNull()
    }
    expect(await closed).toMatchObject({ code: 4401 })
    expect(performance.now() - since).toBeLessThan(5_000)
    expect([await answer(bob), await answer(phone)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  })

  test('keeps them out, and tells them until when and why', async () => {
    const bob = await world.person('bob')
    const until = later(3_600_000)
    await suspends(molly(), bob, { until, reason: 'Watches.' })
    const told = { until: until.toISOString(), reason: 'Watches.' }
    const atLogin = await refusalOf(signsIn(bob))
    expect([atLogin.code, atLogin.extensions]).toEqual(['SUSPENDED', expect.objectContaining(told)])
    const atRefresh = await refusalOf(refreshes(world.url, bob.credentials.refreshToken))
    expect([atRefresh.code, atRefresh.extensions]).toEqual(['SUSPENDED', expect.objectContaining(told)])
    // Only whoever proves to be that person is told.
    expect(await refusal(signsIn(bob, 'not the password'))).toBe('BAD_CREDENTIALS')

    await suspends(max(), bob, { reason: 'Even more watches.' })
    expect((await refusalOf(signsIn(bob))).extensions).toMatchObject({
      until: null,
      reason: 'Even more watches.',
    })
  })

  test('ends by itself when its time has come', async () => {
    const bob = await world.person('bob')
    await suspends(molly(), bob, { until: later(3_600_000) })
    expect(await refusal(signsIn(bob))).toBe('SUSPENDED')
    const [{ until } = { until: new Date() }] = await inDatabase<{ until: Date }>(
      world,
      `update suspension set until = clock_timestamp() + interval '1 second' where user_id = $1 returning until`,
      [bob.id],
    )
    let [asked, isOut] = [0, true]
    while (isOut && asked < until.getTime()) {
      asked = Date.now()
      isOut = await signsIn(bob).then(() => false, onlySuspended)
    }
    expect(isOut).toBe(false)
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
    // The sessions that it ended stay ended.
    expect(await refusal(refreshes(world.url, bob.credentials.refreshToken))).toBe('UNAUTHENTICATED')
  })

  test('is lifted by a moderator, as often as they like', async () => {
    const bob = await world.person('bob')
    await suspends(molly(), bob)
    expect((await restores(max(), bob)).id).toBe(bob.id)
    expect((await signsIn(bob)).user.id).toBe(bob.id)
    expect(await refusal(refreshes(world.url, bob.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    await restores(molly(), bob)
    expect((await auditOf(molly(), bob)).map(({ action, actor }) => [action, actor?.id])).toEqual([
      ['restoreUser', max().id],
      ['suspendUser', molly().id],
    ])
  })

  test('changes nothing for anybody else', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await bob.sends(id, 'before')
    const profile = await looksUp(alice, bob.id)
    await liveEqualsRefetch([alice], () => suspends(molly(), bob))
    expect(await looksUp(alice, bob.id)).toEqual(profile)
    await alice.sends(id, 'are you there?')
    expect((await alice.history(id))?.map(({ plainText }) => plainText)).toEqual([
      'You are friends now',
      'before',
      'are you there?',
    ])
    await restores(molly(), bob)
    const again = await onDevice(bob)
    expect((await again.conversation(id))?.membership.unreadCount).toBe(1)
  })

  test('is of somebody who is there and no moderator, until a time to come, for a reason', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    for (const person of [alice, bob]) {
      expect(await refusal(suspends(person, bob))).toBe('FORBIDDEN')
      expect(await refusal(restores(person, bob))).toBe('FORBIDDEN')
    }
    expect(await refusal(suspends(molly(), molly()))).toBe('FORBIDDEN')
    expect(await refusal(suspends(molly(), max()))).toBe('FORBIDDEN')
    for (const id of ['nobody', '']) {
      expect(await refusal(suspends(molly(), { id }))).toBe('NOT_FOUND')
      expect(await refusal(restores(molly(), { id }))).toBe('NOT_FOUND')
    }
    expect(await refusal(suspends(molly(), bob, { until: later(-1_000) }))).toBe('INVALID_INPUT')
    expect(await refusal(suspends(molly(), bob, { reason: '  ' }))).toBe('INVALID_INPUT')
    expect(await refusal(suspends(molly(), bob, { reason: '字'.repeat(501) }))).toBe('INVALID_INPUT')
    expect(await auditOf(molly(), bob)).toEqual([])
    expect(await answer(bob)).toBe('live')

    await suspends(molly(), bob, { reason: '字'.repeat(500) })
    await deletesAccount(alice)
    expect(await refusal(suspends(molly(), alice))).toBe('NOT_FOUND')
  })

  test('answers to a report', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await bob.sends(id, 'cheap watches')
    await reportsMessage(alice, message, 'SPAM')
    const report = await reportOf(molly(), message)
    expect(await resolves(molly(), report, 'USER_SUSPENDED', 'No watches here.')).toMatchObject({
      outcome: 'USER_SUSPENDED',
      reportedText: 'cheap watches',
    })
    expect((await refusalOf(signsIn(bob))).extensions).toMatchObject({
      until: null,
      reason: 'No watches here.',
    })
    expect(await auditOf(max(), bob)).toMatchObject([
      { action: 'suspendUser', detail: { reportId: report.id, reason: 'No watches here.' } },
    ])
  })

  test('by a report spares moderators, and leaves the report open', async () => {
    const alice = await world.person('alice')
    const message = await max().sends((await max().opens(alice)).id, 'words')
    await reportsMessage(alice, message)
    const report = await reportOf(molly(), message)
    expect(await refusal(resolves(molly(), report, 'USER_SUSPENDED'))).toBe('FORBIDDEN')
    expect((await reportOf(molly(), message)).status).toBe('OPEN')
    expect(await auditOf(molly(), report)).toEqual([])
    expect(await answer(max())).toBe('live')
  })
})

describe('at the same moment', () => {
  test('of what somebody sends, nothing comes after the suspension was acknowledged', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    let isOver = false
    const talks = async () => {
      while (!isOver) await bob.sends(id, 'words').catch(onlyKeptOut)
    }
    const talking = Promise.all([talks(), talks(), talks(), talks()])
    await eventually(async () => expect((await alice.conversation(id))?.maxSeq).toBeGreaterThan(20))
    await suspends(molly(), bob)
    const marker = await alice.sends(id, 'from here on')
    const invoked = await Promise.allSettled([1, 2, 3].map(() => bob.sends(id, 'after it')))
    isOver = true
    await talking
    expect(invoked.every(({ status }) => status === 'rejected')).toBe(true)
    const after = (await alice.history(id))?.filter(({ seq }) => seq > marker.seq) ?? []
    // What was on its way may come, what was begun later may not.
    expect(after.map(({ plainText }) => plainText)).not.toContain('after it')
    expect(after.length).toBeLessThanOrEqual(4)
  })

  test('a send that reaches the database is refused there, before any session is known to have ended', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    await bob.sends(id, 'before')
    await inDatabase(world, `insert into suspension (user_id, reason) values ($1, 'Watches.')`, [bob.id])
    expect((await refusalOf(bob.sends(id, 'after'))).extensions).toMatchObject({
      code: 'SUSPENDED',
      until: null,
      reason: 'Watches.',
    })
    await inDatabase(world, `update suspension set until = now() where user_id = $1`, [bob.id])
    expect((await bob.sends(id, 'after it has run out')).seq).toBe(2)
  })

  test('whoever signs in is either refused or signed out', async () => {
    const bob = await world.person('bob')
    const signingIn = Array.from({ length: 6 }, () => onDevice(bob).catch(onlyKeptOut))
    const [, ...devices] = await Promise.all([suspends(molly(), bob), ...signingIn])
    for (const device of devices) if (device) expect(await answer(device)).toBe('UNAUTHENTICATED')
    expect(await refusal(signsIn(bob))).toBe('SUSPENDED')
  })
})

function onlySuspended(error: unknown): true {
  if (error instanceof Refused && error.code === 'SUSPENDED') return true
  throw error
}

/** What somebody is told who is suspended, or whose session has just ended for that. */
function onlyKeptOut(error: unknown): null {
  if (error instanceof Refused && ['SUSPENDED', 'UNAUTHENTICATED'].includes(error.code)) return null
  throw error
}
