import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { changesPassword, inDatabase, onDevice } from '../auth/verbs.ts'
import { countsAlone } from '../setup/generous-limits.ts'
import { refusal } from '../world/client.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { type Answer, send, Wire } from './wire.ts'

const here = '127.0.0.1'
let addresses = 0
/** An address without earlier requests. */
const elsewhere = () => {
  addresses += 1
  return `198.51.100.${addresses}`
}

/** Performs an operation through a trusted proxy. */
const asks = (url: string, from: string, query: string, accessToken?: string) =>
  send(url, JSON.stringify({ query }), {
    ...(from === here ? {} : { 'x-forwarded-for': from }),
    ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
  })

const codeOf = ({ body }: Answer) => body.errors?.[0]?.extensions.code ?? 'OK'

describe('limits per device, user and address', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_FRIEND_REQUESTS_PER_HOUR: '4',
    LIMIT_INVITES_PER_HOUR: '4',
    LIMIT_UPLOADS_PER_MINUTE: '4',
    LIMIT_DEVICE_PERCENT: '50',
    LIMIT_ADDRESS_FACTOR: '2',
    TRUST_PROXY: here,
  })

  // A user or group that does not exist is found out after the count, so it counts, too.
  const deeds = {
    'friend requests': () =>
      `mutation { requestFriend(input: { userId: "${randomUUID()}" }) { friendRequest { id } } }`,
    invites: () =>
      `mutation { createGroupInvite(input: { groupId: "${randomUUID()}" }) { invite { inviteCode } } }`,
    uploads: () =>
      'mutation { createUpload(input: { filename: "a.txt", mimeType: "text/plain", byteSize: 5 }) { ticket { media { id } } } }',
  }
  const each = Object.entries(deeds)

  const does = async (person: Person, deed: () => string, from = here) => {
    const answer = await asks(world.url, from, deed(), person.credentials.accessToken)
    if (['OK', 'NOT_FOUND'].includes(String(codeOf(answer)))) return 'passes'
    expect(codeOf(answer)).toBe('RATE_LIMITED')
    expect(answer.body.errors?.[0]?.extensions.retryAfterMs).toBeGreaterThan(0)
    return 'waits'
  }

  const inTurn = async (times: number, deed: () => Promise<string>) => {
    const outcomes: string[] = []
    for (let time = 1; time <= times; time += 1) outcomes.push(await deed())
    return outcomes.filter((outcome) => outcome === 'passes').length
  }

  test.each(each)(
    '%s: a device has its share, and its refused calls do not use up the shares of others',
    async (_what, deed) => {
      const laptop = await world.person('alice')
      const telephone = await onDevice(laptop)
      const tablet = await onDevice(laptop)
      expect(await inTurn(6, () => does(laptop, deed))).toBe(2)
      expect(await inTurn(6, () => does(telephone, deed))).toBe(2)
      // The limit of the user is used up.
      expect(await inTurn(2, () => does(tablet, deed))).toBe(0)
    },
  )

  test.each(each)('%s: another sign-in on a device has the same share', async (_what, deed) => {
    const alice = await world.person('alice')
    const id = randomUUID()
    expect(await inTurn(2, async () => does(await onDevice(alice, id), deed))).toBe(2)
    expect(await does(await onDevice(alice, id), deed)).toBe('waits')
    // Devices choose their ids: the same id of another user is another device.
    const bob = await world.person('bob')
    expect(await does(await onDevice(bob, id), deed)).toBe('passes')
  })

  test.each(each)('%s: an address has a share for several users', async (_what, deed) => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const office = elsewhere()
    for (const person of [alice, bob])
      for (const device of [person, await onDevice(person)])
        expect(await inTurn(2, () => does(device, deed, office))).toBe(2)
    expect(await does(carol, deed, office)).toBe('waits')
    expect(await does(carol, deed, elsewhere())).toBe('passes')
    expect(await does(carol, deed)).toBe('passes')
  })
})

describe('sends', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_SENDS_PER_SECOND: '1',
    LIMIT_SEND_BURST: '40',
    LIMIT_DEVICE_PERCENT: '50',
    LIMIT_ADDRESS_FACTOR: '1',
    TRUST_PROXY: here,
  })
  const say = (id: string) =>
    `mutation { sendMessage(input: { conversationId: "${id}", clientMessageId: "${randomUUID()}", content: { text: "Hello" } }) { message { seq } } }`

  const notes = async (name: string) => {
    const person = await world.person(name)
    return { person, id: (await person.creates('notes', [])).id }
  }

  /** How many of several concurrent sends succeed, while the limit refills each second. */
  async function passing(
    times: number,
    { device, id, from = here }: { device: Person; id: string; from?: string },
  ) {
    const answers = await Promise.all(
      Array.from({ length: times }, () => asks(world.url, from, say(id), device.credentials.accessToken)),
    )
    return answers.filter((answer) => codeOf(answer) === 'OK').length
  }

  test('a device has its share, and its refused sends do not use up the shares of others', async () => {
    const { person: laptop, id } = await notes('alice')
    const telephone = await onDevice(laptop)
    const since = performance.now()
    const first = await passing(30, { device: laptop, id })
    const second = await passing(30, { device: telephone, id })
    const seconds = (performance.now() - since) / 1_000
    for (const passed of [first, second]) {
      expect(passed).toBeGreaterThanOrEqual(20)
      expect(passed).toBeLessThanOrEqual(20 + seconds)
    }
    expect(first + second).toBeLessThanOrEqual(40 + seconds)
  })

  test('an address has one share for several users, over HTTP and sockets together', async () => {
    const [office, home] = [elsewhere(), elsewhere()]
    const people = await Promise.all(['alice', 'bob'].map(notes))
    const [erin, frank] = [await notes('erin'), await notes('frank')]
    const wire = await Wire.ready(world.url, erin.person.credentials.accessToken, {
      headers: { 'x-forwarded-for': office },
    })
    const since = performance.now()
    const passed = await Promise.all(
      people.map(({ person, id }) => passing(20, { device: person, id, from: office })),
    )
    // Two users have used it up, and it refills each second.
    expect(passed).toEqual([20, 20])
    const numbers = Array.from({ length: 20 }, (_, place) => String(place))
    for (const number of numbers) wire.subscribe(number, say(erin.id))
    const answers = await Promise.all(numbers.map((number) => wire.answers(number)))
    const more = answers.filter(({ errors }) => !errors).length
    expect(more).toBeLessThanOrEqual((performance.now() - since) / 1_000)
    expect(await passing(20, { device: frank.person, id: frank.id, from: home })).toBe(20)
  })
})

describe('anonymous requests', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_REGISTRATIONS_PER_HOUR_PER_DEVICE: '2',
    LIMIT_LOGINS: '3',
    LIMIT_LOGINS_PER_DEVICE: '4',
    TRUST_PROXY: here,
  })

  let count = 0
  const signsUp = async (from: string, deviceId: string) => {
    count += 1
    const handle = `somebody.${'bcdfghjk'[count]}`
    const query = `mutation { register(input: { handle: "${handle}", displayName: "A User", password: "a good password",
      device: { id: "${deviceId}", name: "telephone", platform: IOS } }) { accessToken } }`
    return codeOf(await asks(world.url, from, query))
  }

  test('a device can register few accounts, from any address', async () => {
    const device = randomUUID()
    expect(await signsUp(elsewhere(), device)).toBe('OK')
    expect(await signsUp(elsewhere(), device)).toBe('OK')
    expect(await signsUp(elsewhere(), device)).toBe('RATE_LIMITED')
    expect(await signsUp(elsewhere(), randomUUID())).toBe('OK')
    // A program on this machine is not limited by address.
    expect(await signsUp(here, device)).toBe('OK')
  })

  const signsIn = async (person: Person, deviceId: string, password: string) => {
    const query = `mutation { login(input: { handle: "${person.handle}", password: "${password}",
      device: { id: "${deviceId}", name: "telephone", platform: IOS } }) { accessToken } }`
    return codeOf(await asks(world.url, elsewhere(), query))
  }

  test('a device has few password guesses, over all accounts and addresses', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    const device = randomUUID()
    for (const person of [alice, alice, bob, bob])
      expect(await signsIn(person, device, 'a guess')).toBe('BAD_CREDENTIALS')
    expect(await signsIn(carol, device, passwordOf(carol.handle))).toBe('RATE_LIMITED')
    expect(await signsIn(carol, randomUUID(), passwordOf(carol.handle))).toBe('OK')
  })

  test('right passwords of a device with many accounts do not count', async () => {
    const device = randomUUID()
    for (const person of await world.people('alice', 'bob', 'carol', 'dave', 'erin'))
      expect(await signsIn(person, device, passwordOf(person.handle))).toBe('OK')
  })

  test('wrong passwords of one device do not keep the other devices of the account from changing it', async () => {
    const alice = await world.person('alice')
    const lost = await onDevice(alice)
    const current = passwordOf(alice.handle)
    const change = (person: Person, guess: string) =>
      changesPassword(person, { current: guess, next: 'quite another password' })
    for (let time = 1; time <= 3; time += 1)
      expect(await refusal(change(lost, 'a guess'))).toBe('BAD_CREDENTIALS')
    expect(await refusal(change(lost, current))).toBe('RATE_LIMITED')
    await change(alice, current)
  })
})

describe('a new account', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_FRIEND_REQUESTS_PER_HOUR: '3',
    LIMIT_NEW_ACCOUNT_FRIEND_REQUESTS_PER_DAY: '2',
    LIMIT_NEW_ACCOUNT_HOURS: '24',
  })

  test('a new account has its own share of a limit until it is old', async () => {
    const alice = await world.person('alice')
    const request = async () =>
      codeOf(
        await asks(
          world.url,
          here,
          `mutation { requestFriend(input: { userId: "${randomUUID()}" }) { friendRequest { id } } }`,
          alice.credentials.accessToken,
        ),
      )
    expect([await request(), await request(), await request()]).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      'RATE_LIMITED',
    ])
    await inDatabase(world, `update "user" set created_at = now() - interval '25 hours' where id = $1`, [
      alice.id,
    ])
    expect([await request(), await request()]).toEqual(['NOT_FOUND', 'RATE_LIMITED'])
  })
})
