import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { graphql } from '../generated/gql.ts'
import type { ChangePasswordInput, LoginInput, RegisterInput } from '../generated/graphql.ts'
import { perform, refusal } from '../world/client.ts'
import { Login, Register } from '../world/operations.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'
import type { World } from '../world/world.ts'

const RefreshSession = graphql(`
  mutation RefreshSession($refreshToken: String!) {
    refreshSession(refreshToken: $refreshToken) {
      ...AuthParts
    }
  }
`)

const Logout = graphql(`
  mutation Logout {
    logout
  }
`)

const RevokeSession = graphql(`
  mutation RevokeSession($id: ID!) {
    revokeSession(id: $id) {
      ...MeParts
    }
  }
`)

const RevokeOtherSessions = graphql(`
  mutation RevokeOtherSessions {
    revokeOtherSessions {
      ...MeParts
    }
  }
`)

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ...MeParts
    }
  }
`)

const DeleteAccount = graphql(`
  mutation DeleteAccount($password: String, $providerToken: String) {
    deleteAccount(password: $password, providerToken: $providerToken)
  }
`)

export const registers = async (url: string, input: RegisterInput) =>
  (await perform(url, Register, { input }, null)).register

export const logsIn = async (url: string, input: LoginInput) =>
  (await perform(url, Login, { input }, null)).login

export const refreshes = async (url: string, refreshToken: string) =>
  (await perform(url, RefreshSession, { refreshToken }, null)).refreshSession

/** Refreshes, and uses the new tokens from then on. */
export async function refreshesTokens(person: Person) {
  const payload = await refreshes(person.url, person.credentials.refreshToken)
  person.credentials = credentialsOf(payload)
  return payload
}

export const logsOut = async (person: Person) => (await person.do(Logout, {})).logout

export const revokes = async (person: Person, id: string) =>
  (await person.do(RevokeSession, { id })).revokeSession

export const revokesOthers = async (person: Person) =>
  (await person.do(RevokeOtherSessions, {})).revokeOtherSessions

export const changesPassword = async (person: Person, input: ChangePasswordInput) =>
  (await person.do(ChangePassword, { input })).changePassword

export const deletesAccount = async (person: Person, password = passwordOf(person.handle)) =>
  (await person.do(DeleteAccount, { password })).deleteAccount

export const deletesProvidedAccount = async (person: Person, providerToken: string | null) =>
  (await person.do(DeleteAccount, { providerToken })).deleteAccount

/** The same user, signed in on a device with an id. */
export async function onDevice(
  person: Person,
  id: string = randomUUID(),
  platform: 'ANDROID' | 'WEB' = 'ANDROID',
): Promise<Person> {
  const payload = await logsIn(person.url, {
    handle: person.handle,
    password: passwordOf(person.handle),
    device: { id, name: 'telephone', platform },
  })
  return new Person(person.url, person.name, person, credentialsOf(payload))
}

/** `live`, or the error code that this device gets. */
export const answer = async (person: Person) =>
  person.me().then(
    () => 'live',
    () => refusal(person.me()),
  )

/** Runs a statement in the database, behind the server's back. */
export async function inDatabase<Row>(
  world: Pick<World, 'databaseUrl'>,
  statement: string,
  params: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    return (await client.query(statement, params)).rows as Row[]
  } finally {
    await client.end()
  }
}
