import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { inDatabase, onDevice } from '../auth/verbs.ts'
import { countsAlone } from '../setup/generous-limits.ts'
import { refusal, refusalOf } from '../world/client.ts'
import { RequestFriend } from '../world/operations.ts'
import { type Person, passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { ask, send, Wire } from './wire.ts'

const retryAfterMs = async (promise: Promise<unknown>) => {
  const { code, extensions } = await refusalOf(promise)
  expect(code).toBe('RATE_LIMITED')
  expect(extensions.retryAfterMs).toBeGreaterThan(0)
  return Number(extensions.retryAfterMs)
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('refused mutations', () => {
  const world = useWorld({ ...countsAlone, LIMIT_REFUSALS_PER_MINUTE: '5' })

  test('refused mutations are answered up to the limit; then every mutation of the user is RATE_LIMITED', async () => {
    const [alice, mallory] = await world.people('alice', 'mallory')
    const group = await alice.creates('the club', [])
    for (let count = 0; count < 5; count += 1)
      expect(await refusal(mallory.changesGroup(group.id, { name: 'mine' }))).toBe('NOT_FOUND')
    // The next one fills the counter and still gets its own error.
    expect(await refusal(mallory.changesGroup(group.id, { name: 'mine' }))).toBe('NOT_FOUND')
    await retryAfterMs(mallory.changesGroup(group.id, { name: 'mine' }))
    await retryAfterMs(mallory.creates('elsewhere', []))
    await mallory.me()
    await alice.changesGroup(group.id, { name: 'ours' })
  })

  test('INVALID_INPUT and successful mutations do not count as refused', async () => {
    const alice = await world.person('alice')
    for (let count = 0; count < 8; count += 1) {
      expect(await refusal(alice.creates('', []))).toBe('INVALID_INPUT')
      await alice.creates(`group ${count}`, [])
    }
  })
})

describe('sends', () => {
  const world = useWorld({ ...countsAlone, LIMIT_SENDS_PER_SECOND: '2', LIMIT_SEND_BURST: '5' })

  // At once: the last send may succeed eight seconds later.
  const tooMany = 20

  async function pair() {
    const [alice, bob] = await world.friends('alice', 'bob')
    return { alice, bob, id: (await alice.opens(bob)).id }
  }

  /** Sends in sequence until one is refused; returns how many succeeded and the refusal. */
  async function sendsUntilRefused(person: Person, id: string) {
    for (let passed = 0; ; passed += 1) {
      const outcome = await person.sends(id, `message ${passed}`).catch((error: unknown) => error)
      if (!(outcome instanceof Error)) continue
      return { passed, waitMs: await retryAfterMs(Promise.reject(outcome)) }
    }
  }

  test('sends succeed up to the burst; the next is RATE_LIMITED with retryAfterMs and succeeds after it', async () => {
    const { alice, bob, id } = await pair()
    const since = performance.now()
    const { passed, waitMs } = await sendsUntilRefused(alice, id)
    const seconds = (performance.now() - since) / 1_000
    expect(passed).toBeGreaterThanOrEqual(5)
    expect(passed).toBeLessThanOrEqual(5 + 2 * seconds)
    expect(waitMs).toBeLessThanOrEqual(500)
    await bob.sends(id, 'others are not concerned')
    await after(waitMs)
    await alice.sends(id, 'at last')
    expect((await bob.history(id))?.at(-1)?.plainText).toBe('at last')
  })

  test('sends and edits of all devices of a user count together', async () => {
    const { alice, id } = await pair()
    const telephone = await alice.onAnotherDevice()
    const since = performance.now()
    const message = await alice.sends(id, 'one')
    const { passed } = await sendsUntilRefused(telephone, id)
    const edits = await Promise.allSettled(
      Array.from({ length: tooMany }, (_, time) => alice.edits(message, `edited ${time}`)),
    )
    const seconds = (performance.now() - since) / 1_000
    const refused = edits.filter(({ status }) => status === 'rejected')
    expect(1 + passed + edits.length - refused.length).toBeLessThanOrEqual(5 + 2 * seconds)
    for (const { reason } of refused as PromiseRejectedResult[]) expect(reason.code).toBe('RATE_LIMITED')
  })

  test('retries of stored sends are answered above the limit, and other sends are not', async () => {
    const { alice, id } = await pair()
    const clientMessageId = randomUUID()
    const first = await alice.sends(id, 'once', { clientMessageId })
    await sendsUntilRefused(alice, id)
    const again = await Promise.all(
      Array.from({ length: 10 }, () => alice.sends(id, 'once', { clientMessageId })),
    )
    expect(new Set(again.map((message) => message.id))).toEqual(new Set([first.id]))
    expect(await refusal(alice.sends(id, 'another text', { clientMessageId }))).toBe('CONFLICT')
    const { length } = (await alice.history(id)) ?? []
    expect((await alice.conversation(id))?.maxSeq).toBe(length)
  })

  test('RATE_LIMITED keeps the socket open, and over HTTP sets Retry-After', async () => {
    const { alice, id } = await pair()
    const wire = await Wire.ready(world.url, alice.credentials.accessToken)
    const query = 'mutation Say($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }'
    const input = () => ({
      conversationId: id,
      clientMessageId: randomUUID(),
      content: { text: 'quickly' },
    })
    const numbers = Array.from({ length: tooMany }, (_, index) => String(index + 1))
    for (const number of numbers) wire.subscribe(number, query, { input: input() })
    const answers = await Promise.all(numbers.map((number) => wire.answers(number)))
    expect(JSON.stringify(answers)).toContain('RATE_LIMITED')
    wire.subscribe('still', '{ syncCursor }')
    expect(JSON.stringify(await wire.answers('still'))).toContain('syncCursor')

    await sendsUntilRefused(alice, id)
    const overHttp = await Promise.all(
      numbers.map(() => ask(world.url, query, alice.credentials.accessToken, { input: input() })),
    )
    const refused = overHttp.find(({ body }) => body.errors)
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([200, '1'])
  })
})

describe('the same text to many', () => {
  const world = useWorld({ LIMIT_SAME_TEXT_CONVERSATIONS: '2', LIMIT_SAME_TEXT_PAUSE_SECONDS: '4' })

  async function spreads(text: string) {
    const alice = await world.person('alice')
    const groups = await Promise.all(['one', 'two', 'three', 'four'].map((name) => alice.creates(name, [])))
    const to = (place: number) => alice.sends(groups[place]?.id ?? '', text)
    return { alice, groups, to }
  }

  test('the same text is slowed down after the limit of conversations', async () => {
    const { alice, to, groups } = await spreads('Buy now, it is cheap!')
    await to(0)
    await to(1)
    await to(2)
    const waitMs = await retryAfterMs(to(3))
    expect(waitMs).toBeLessThanOrEqual(4_000)
    await alice.sends(groups[3]?.id ?? '', 'Something else altogether')
    await after(waitMs)
    await to(3)
  })

  test('a short text, or one sent to one conversation, is not limited', async () => {
    const { to, alice, groups } = await spreads('Thanks!')
    for (const place of [0, 1, 2, 3]) await to(place)
    for (let time = 1; time <= 4; time += 1)
      await alice.sends(groups[0]?.id ?? '', 'A longer text, many times')
  })
})

describe('sign-ins', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_LOGINS: '3',
    LIMIT_LOGINS_PER_ACCOUNT: '5',
    LIMIT_LOGINS_PER_ADDRESS: '6',
    TRUST_PROXY: '127.0.0.1',
  })

  const guesses = (person: Person, from: string, password = 'a wrong guess', id?: string) => {
    const device = id ? { id, name: 'telephone', platform: 'ANDROID' } : null
    return send(
      world.url,
      JSON.stringify({
        query: 'mutation In($input: LoginInput!) { login(input: $input) { accessToken } }',
        variables: { input: { handle: person.handle, password, device } },
      }),
      { 'x-forwarded-for': from },
    ).then(({ body }) => body.errors?.[0]?.extensions.code ?? 'OK')
  }

  test('after too many wrong passwords from one address the right one is refused, too', async () => {
    const alice = await world.person('alice')
    const right = passwordOf(alice.handle)
    for (let time = 1; time <= 3; time += 1)
      expect(await guesses(alice, '198.51.100.1')).toBe('BAD_CREDENTIALS')
    expect(await guesses(alice, '198.51.100.1', right)).toBe('RATE_LIMITED')
    expect(await guesses(alice, '198.51.100.2', right)).toBe('OK')
  })

  test('right passwords do not count, and upper case does not make another account', async () => {
    const alice = await world.person('alice')
    for (let time = 1; time <= 5; time += 1)
      expect(await guesses(alice, '198.51.100.3', passwordOf(alice.handle))).toBe('OK')
    const shouted = { ...alice, handle: alice.handle.toUpperCase() } as Person
    for (let time = 1; time <= 3; time += 1)
      expect(await guesses(shouted, '198.51.100.3')).toBe('BAD_CREDENTIALS')
    expect(await guesses(alice, '198.51.100.3')).toBe('RATE_LIMITED')
  })

  test('wrong passwords from many addresses lock the account, but not for a known device', async () => {
    const alice = await world.person('alice')
    const id = randomUUID()
    await onDevice(alice, id)
    for (let from = 10; from < 15; from += 1)
      expect(await guesses(alice, `198.51.100.${from}`)).toBe('BAD_CREDENTIALS')
    const right = passwordOf(alice.handle)
    expect(await guesses(alice, '198.51.100.20', right)).toBe('RATE_LIMITED')
    expect(await guesses(alice, '198.51.100.20', right, randomUUID())).toBe('RATE_LIMITED')
    expect(await guesses(alice, '198.51.100.20', right, id)).toBe('OK')
    // The known device has the same limit of guesses.
    for (let time = 1; time <= 3; time += 1)
      expect(await guesses(alice, '198.51.100.20', 'wrong', id)).toBe('BAD_CREDENTIALS')
    expect(await guesses(alice, '198.51.100.20', right, id)).toBe('RATE_LIMITED')
  })

  test('wrong passwords of one address count over all accounts, existing or not', async () => {
    const alice = await world.person('alice')
    const unknown = (number: number) => ({ ...alice, handle: `unknown.${'bcdfgh'[number]}` }) as Person
    for (let number = 0; number < 6; number += 1)
      expect(await guesses(unknown(number), '2001:db8::1')).toBe('BAD_CREDENTIALS')
    // The same network, by IPv6.
    expect(await guesses(alice, '2001:db8::2', passwordOf(alice.handle))).toBe('RATE_LIMITED')
    expect(await guesses(alice, '2001:db8:0:1::1', passwordOf(alice.handle))).toBe('OK')
  })
})

describe('new accounts', () => {
  const world = useWorld({
    ...countsAlone,
    LIMIT_REGISTRATIONS_PER_HOUR: '2',
    LIMIT_NEW_ACCOUNT_FRIEND_REQUESTS_PER_DAY: '2',
    LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '1',
    DIRECT_MESSAGES_FROM: 'everyone',
    TRUST_PROXY: '1',
  })

  const signsUp = (from: string, handle: string) => {
    const input = { handle, displayName: 'Somebody', password: passwordOf(handle) }
    const query = 'mutation Up($input: RegisterInput!) { register(input: $input) { user { id } } }'
    return send(world.url, JSON.stringify({ query, variables: { input } }), { 'x-forwarded-for': from }).then(
      ({ body }) => body.errors?.[0]?.extensions.code ?? 'OK',
    )
  }

  test('registrations from one address are limited; malformed ones do not count', async () => {
    expect(await signsUp('203.0.113.7', 'x')).toBe('INVALID_INPUT')
    expect(await signsUp('203.0.113.7', 'first.one')).toBe('OK')
    expect(await signsUp('203.0.113.7', 'first.one')).toBe('CONFLICT')
    expect(await signsUp('203.0.113.7', 'third.one')).toBe('RATE_LIMITED')
    expect(await signsUp('203.0.113.8', 'third.one')).toBe('OK')
  })

  test('new accounts send few friend requests; repeated and incoming requests do not count', async () => {
    const [alice, ...others] = await world.people('alice', 'bob', 'carol', 'dave', 'erin')
    const asks = (userId: string) => alice.do(RequestFriend, { userId })
    const [bob, carol, dave, erin] = others
    await asks(bob.id)
    await asks(carol.id)
    await asks(carol.id)
    await retryAfterMs(asks(dave.id))
    await erin.do(RequestFriend, { userId: alice.id })
    expect((await asks(erin.id)).requestFriend.friendRequest.status).toBe('ACCEPTED')
  })

  test('new accounts message few strangers; friends and known peers do not count', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    await alice.opens(bob)
    await alice.opens(bob)
    await retryAfterMs(alice.opens(carol))
    await alice.befriends(dave)
    await alice.opens(dave)
  })

  test('accounts count as new for a day', async () => {
    const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
    await alice.opens(bob)
    await retryAfterMs(alice.opens(carol))
    await inDatabase(world, `update "user" set created_at = now() - interval '25 hours' where id = $1`, [
      alice.id,
    ])
    await alice.opens(carol)
  })
})

describe('strangers', () => {
  const limits = { LIMIT_NEW_ACCOUNT_STRANGERS_PER_DAY: '4', LIMIT_ADDITIONS_PER_STRANGER: '2' }
  const world = useWorld({
    ...countsAlone,
    ...limits,
    DIRECT_MESSAGES_FROM: 'everyone',
    GROUP_ADDITIONS_FROM: 'everyone',
  })

  test('strangers count when a group is created, a member added or a conversation opened', async () => {
    const [mallory, ...others] = await world.people('mallory', 'bob', 'carol', 'dave', 'erin', 'frank')
    const [bob, carol, dave, erin, frank] = others
    const { id } = await mallory.creates('one', [bob, carol])
    await mallory.adds(id, dave)
    await mallory.opens(erin)
    await retryAfterMs(mallory.creates('two', [frank]))
    await retryAfterMs(mallory.adds(id, frank))
    await retryAfterMs(mallory.opens(frank))
    // Friends and known peers are not strangers.
    await mallory.befriends(frank)
    await mallory.creates('three', [frank, erin])
  })

  test('a call with too many strangers does not count', async () => {
    const [mallory, ...others] = await world.people('mallory', 'bob', 'carol', 'dave', 'erin', 'frank')
    await retryAfterMs(mallory.creates('all', others))
    await mallory.creates('most', others.slice(1))
  })

  test('a user can add the same stranger to groups a limited number of times', async () => {
    const [mallory, bob] = await world.people('mallory', 'bob')
    await mallory.creates('one', [bob])
    await mallory.creates('two', [bob])
    await retryAfterMs(mallory.creates('three', [bob]))
  })
})

describe('uploads', () => {
  const world = useWorld({ ...countsAlone, LIMIT_UPLOADS_PER_MINUTE: '2' })

  test('uploads are limited per minute', async () => {
    const [alice, bob] = await world.people('alice', 'bob')
    const query = `mutation {
      createUpload(input: { filename: "notes.txt", mimeType: "text/plain", byteSize: 5 }) { ticket { media { id } } }
    }`
    const begins = async (person: Person) =>
      (await ask(world.url, query, person.credentials.accessToken)).body.errors?.[0]?.extensions.code ?? 'OK'
    expect([await begins(alice), await begins(alice), await begins(alice)]).toEqual([
      'OK',
      'OK',
      'RATE_LIMITED',
    ])
    expect(await begins(bob)).toBe('OK')
  })
})
