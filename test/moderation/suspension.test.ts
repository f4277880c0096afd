import { describe, expect, test } from 'vitest'
import { looksUp } from '../account/verbs.ts'
import { answer, deletesAccount, inDatabase, logsIn, onDevice, refreshes } from '../auth/verbs.ts'
import { Refused, refusal, refusalOf } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { Inbox } from '../world/inbox.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { activeTime } from '../world/stopwatch.ts'
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
  test('ends every session and closes its sockets', async () => {
    const bob = await world.person('bob')
    const phone = await onDevice(bob)
    const socket = phone.patientSocket()
    const closed = new Promise((resolve) => socket.on('closed', resolve))
    const inboxes = [await bob.listens(), new Inbox(socket, {})]
    for (const inbox of inboxes) await inbox.sees('Checkpoint')
    const lived = activeTime()
    expect((await suspends(molly(), bob)).id).toBe(bob.id)

    for (const inbox of inboxes) {
      expect((await inbox.sees('SessionEnded')).endReason).toBe('SUSPENDED')
      expect(await inbox.ended).toBeNull()
    }
    expect(await closed).toMatchObject({ code: 4401 })
    expect(lived()).toBeLessThan(5_000)
    expect([await answer(bob), await answer(phone)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
  })

  test('rejects sign-in and refresh with SUSPENDED, until and reason', async () => {
    const bob = await world.person('bob')
    const until = later(3_600_000)
    await suspends(molly(), bob, { until, reason: 'Watches.' })
    const details = { until: until.toISOString(), suspensionReason: 'Watches.' }
    const atLogin = await refusalOf(signsIn(bob))
    expect([atLogin.code, atLogin.extensions]).toEqual(['SUSPENDED', expect.objectContaining(details)])
    const atRefresh = await refusalOf(refreshes(world.url, bob.credentials.refreshToken))
    expect([atRefresh.code, atRefresh.extensions]).toEqual(['SUSPENDED', expect.objectContaining(details)])
    // Without the password the answer does not mention the suspension.
    expect(await refusal(signsIn(bob, 'not the password'))).toBe('BAD_CREDENTIALS')

    await suspends(max(), bob, { reason: 'Even more watches.' })
    expect((await refusalOf(signsIn(bob))).extensions).toMatchObject({
      until: null,
      suspensionReason: 'Even more watches.',
    })
  })

  test('ends at its time, and the ended sessions stay ended', async () => {
    const bob = await world.person('bob')
    await suspends(molly(), bob, { until: later(3_600_000) })
    expect(await refusal(signsIn(bob))).toBe('SUSPENDED')
    const [{ until } = { until: new Date() }] = await inDatabase<{ until: Date }>(
      world,
      `update suspension set until = clock_timestamp() + interval '1 second' where user_id = $1 returning until`,
      [bob.id],
    )
    let [asked, isSuspended] = [0, true]
    while (isSuspended && asked < until.getTime()) {
      asked = Date.now()
      isSuspended = await signsIn(bob).then(() => false, onlySuspended)
    }
    expect(isSuspended).toBe(false)
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
    // The sessions that it ended stay ended.
    expect(await refusal(refreshes(world.url, bob.credentials.refreshToken))).toBe('UNAUTHENTICATED')
  })

  test('is lifted by restoreUser, which is idempotent', async () => {
    const bob = await world.person('bob')
    await suspends(molly(), bob)
    expect((await restores(max(), bob)).id).toBe(bob.id)
    expect((await signsIn(bob)).user.id).toBe(bob.id)
    expect(await refusal(refreshes(world.url, bob.credentials.refreshToken))).toBe('UNAUTHENTICATED')
    await restores(molly(), bob)
    expect((await auditOf(molly(), bob)).map(({ action, actor }) => [action, actor?.id])).toEqual([
      ['USER_RESTORED', max().id],
      ['USER_SUSPENDED', molly().id],
    ])
  })

  test('changes nothing for other users', async () => {
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

  test('is rejected except by moderators, for existing users who are not moderators, with a future end and a reason', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    for (const person of [alice, bob]) {
      expect(await refusal(suspends(person, bob))).toBe('FORBIDDEN')
      expect(await refusal(restores(person, bob))).toBe('FORBIDDEN')
    }
    expect(await refusal(suspends(molly(), molly()))).toBe('FORBIDDEN')
    expect(await refusal(suspends(molly(), max()))).toBe('FORBIDDEN')
    for (const id of ['unknown', '']) {
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

  test('by a report records the report and its note as reason', async () => {
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
      suspensionReason: 'No watches here.',
    })
    expect(await auditOf(max(), bob)).toMatchObject([
      { action: 'USER_SUSPENDED', detail: { reportId: report.id, reason: 'No watches here.' } },
    ])
  })

  test('by a report of a message of a moderator is rejected, and the report stays open', async () => {
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

test('a report of a message whose sender has deleted the account cannot suspend, and stays open', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const message = await bob.sends((await alice.opens(bob)).id, 'cheap watches')
  await reportsMessage(alice, message)
  const report = await reportOf(molly(), message)
  await deletesAccount(bob)
  expect(await refusal(resolves(molly(), report, 'USER_SUSPENDED'))).toBe('NOT_FOUND')
  expect((await reportOf(molly(), message)).status).toBe('OPEN')
  expect(await resolves(molly(), report, 'DISMISSED')).toMatchObject({ status: 'RESOLVED' })
})

describe('concurrently with a suspension', () => {
  test('no message sent after its acknowledgement is stored', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    let isOver = false
    const sendsOn = async () => {
      while (!isOver) await bob.sends(id, 'words').catch(onlySuspendedOrEnded)
    }
    const sending = Promise.all([sendsOn(), sendsOn(), sendsOn(), sendsOn()])
    await eventually(async () => expect((await alice.conversation(id))?.maxSeq).toBeGreaterThan(20))
    await suspends(molly(), bob)
    const marker = await alice.sends(id, 'from here on')
    const lateSends = await Promise.allSettled([1, 2, 3].map(() => bob.sends(id, 'after it')))
    isOver = true
    await sending
    expect(lateSends.every(({ status }) => status === 'rejected')).toBe(true)
    const after = (await alice.history(id))?.filter(({ seq }) => seq > marker.seq) ?? []
    // Sends in flight may be stored, later ones may not.
    expect(after.map(({ plainText }) => plainText)).not.toContain('after it')
    expect(after.length).toBeLessThanOrEqual(4)
  })

  test('a send is rejected by the database also before the end of the session is known', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const { id } = await alice.opens(bob)
    await bob.sends(id, 'before')
    await inDatabase(world, `insert into suspension (user_id, reason) values ($1, 'Watches.')`, [bob.id])
    expect((await refusalOf(bob.sends(id, 'after'))).extensions).toMatchObject({
      code: 'SUSPENDED',
      until: null,
      suspensionReason: 'Watches.',
    })
    await inDatabase(world, `update suspension set until = now() where user_id = $1`, [bob.id])
    expect((await bob.sends(id, 'after it has run out')).seq).toBe(2)
  })

  test('a sign-in is either rejected or signed out', async () => {
    const bob = await world.person('bob')
    const signingIn = Array.from({ length: 6 }, () => onDevice(bob).catch(onlySuspendedOrEnded))
    const [, ...devices] = await Promise.all([suspends(molly(), bob), ...signingIn])
    for (const device of devices) if (device) expect(await answer(device)).toBe('UNAUTHENTICATED')
    expect(await refusal(signsIn(bob))).toBe('SUSPENDED')
  })
})

function onlySuspended(error: unknown): true {
  if (error instanceof Refused && error.code === 'SUSPENDED') return true
  throw error
}

/** Accepts only the errors of a suspended user, or of a session that the suspension has just ended. */
function onlySuspendedOrEnded(error: unknown): null {
  if (error instanceof Refused && ['SUSPENDED', 'UNAUTHENTICATED'].includes(error.code)) return null
  throw error
}
