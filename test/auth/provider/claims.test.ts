import { afterAll, expect, test } from 'vitest'
import { refusalOf } from '../../world/client.ts'
import { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { deletesProvidedAccount, inDatabase } from '../verbs.ts'
import { startProvider } from './issuer.ts'

const provider = await startProvider()
const world = useWorld({
  AUTH_JWKS_URL: provider.jwksUrl,
  AUTH_ISSUER: provider.issuer,
  AUTH_AUDIENCE: 'chat',
})
afterAll(() => provider.goesAway())

async function bearer(claims: Record<string, unknown>): Promise<Person> {
  const accessToken = await provider.token(claims)
  return new Person(
    world.url,
    'bearer',
    { id: '', handle: '' },
    { accessToken, refreshToken: '', sessionId: '' },
  )
}

const outcome = async (claims: Record<string, unknown>) => {
  const person = await bearer({ sub: 'ada', ...claims })
  return person.me().then(
    () => 'live',
    async () => (await refusalOf(person.me())).code,
  )
}

const accounts = async () =>
  (await inDatabase<{ count: number }>(world, 'select count(*)::integer as count from identity'))[0]?.count

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600
const notText = [{}, { a: 1 }, [], ['ada'], 7, true]
const notInstants = ['1', {}, [], true, -1, 1e300, -1e300, 1e18]

const wrong: Record<string, unknown[]> = {
  sub: [...notText, null, '', 'x'.repeat(256), 'a\0b', 'half \ud83d'],
  sid: [...notText, 'a\0b'],
  session_id: notText,
  iat: [...notInstants, null, inAnHour()],
  exp: [...notInstants, null],
  auth_time: [...notInstants, inAnHour()],
}

test.each(Object.entries(wrong))(
  'a token whose %s has the wrong type or range is rejected',
  async (name, values) => {
    for (const value of values)
      expect([value, await outcome({ [name]: value })]).toEqual([value, 'UNAUTHENTICATED'])
    expect(await accounts()).toBe(0)
  },
)

test('claims that only describe the user may have any type', async () => {
  const names = ['name', 'nickname', 'preferred_username', 'email', 'email_verified', 'azp', 'client_id']
  const claims = names.flatMap((name) =>
    [...notText, null, '', 1e300, 'a\0b', 'half \ud83d'].map((value) => [name, value]),
  )
  const outcomes = await Promise.all(
    claims.map(async ([name, value], index) => [
      name,
      value,
      await outcome({ sub: `described ${index}`, [String(name)]: value }),
    ]),
  )
  expect(outcomes).toEqual(claims.map((claim) => [...claim, 'live']))
})

test('deleteAccount with a malformed token is rejected with BAD_CREDENTIALS', async () => {
  const person = await bearer({ sub: 'leaver' })
  await person.me()
  for (const claims of [{ auth_time: inAnHour() }, { auth_time: 'now' }, { iat: 1e300 }, { exp: 1 }])
    expect(
      (await refusalOf(deletesProvidedAccount(person, await provider.token({ sub: 'leaver', ...claims }))))
        .code,
    ).toBe('BAD_CREDENTIALS')
})
