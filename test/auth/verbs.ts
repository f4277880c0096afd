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
    refreshSession(input: { refreshToken: $refreshToken }) {
      ...AuthParts
    }
  }
`)

const Logout = graphql(`
  mutation Logout {
    logout {
      endedSessionId
    }
  }
`)

const RevokeSession = graphql(`
  mutation RevokeSession($id: ID!) {
    revokeSession(input: { sessionId: $id }) {
      me {
        ...MeParts
      }
    }
  }
`)

const RevokeOtherSessions = graphql(`
  mutation RevokeOtherSessions {
    revokeOtherSessions {
      me {
        ...MeParts
      }
    }
  }
`)

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      me {
        ...MeParts
      }
    }
  }
`)

const DeleteAccount = graphql(`
  mutation DeleteAccount($password: String, $providerToken: String) {
    deleteAccount(input: { password: $password, providerToken: $providerToken }) {
      user {
        id
        deletedAt
      }
    }
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

export const logsOut = async (person: Person) => (await person.do(Logout, {})).logout.endedSessionId

export const revokes = async (person: Person, id: string) =>
  (await person.do(RevokeSession, { id })).revokeSession.me

export const revokesOthers = async (person: Person) =>
  (await person.do(RevokeOtherSessions, {})).revokeOtherSessions.me

export const changesPassword = async (person: Person, input: ChangePasswordInput) =>
  (await person.do(ChangePassword, { input })).changePassword.me

export const deletesAccount = async (person: Person, password = passwordOf(person.handle)) =>
  (await person.do(DeleteAccount, { password })).deleteAccount.user

export const deletesProvidedAccount = async (person: Person, providerToken: string | null) =>
  (await person.do(DeleteAccount, { providerToken })).deleteAccount.user

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
