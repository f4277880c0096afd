import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import { ask, Wire } from '../../server/wire.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'

export async function renames({ url, credentials }: Person, displayName: string): Promise<void> {
  const rename = `mutation { updateProfile(input: { displayName: "${displayName}" }) { __typename } }`
  expect((await ask(url, rename, credentials.accessToken)).body.errors).toBeUndefined()
}

/**
 * Holds the open streams of a user in an event that reads a locked table, so that later events wait. Other streams must not
 * select the account: their unread count would wait, too.
 */
export async function holdsStreamsOf(person: Person, databaseUrl: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  let isReleased = false
  const release = async () => {
    if (isReleased) return
    isReleased = true
    await client.query('rollback')
    await client.end()
  }
  onTestFinished(release)
  await client.query('begin')
  await client.query('lock table friend_request in access exclusive mode')
  await renames(person, `Person ${Math.random()}`)
  return release
}

/** What a subscription of a socket received. */
export const dataOf = (wire: Wire, id: string) =>
  wire.messages.flatMap((message) =>
    message.type === 'next' && message.id === id
      ? [(message.payload as { data: { inbox: Record<string, unknown> } }).data.inbox]
      : [],
  )

export const onlyTexts = `subscription ($after: SyncCursor) {
  inbox(after: $after) { __typename ... on MessagesChanged { messages { plainText } } }
}`

/** A socket that receives texts only. */
export async function readsTexts(person: Person): Promise<(text: string) => Promise<void>> {
  const wire = await Wire.ready(person.url, person.credentials.accessToken)
  wire.subscribe('1', onlyTexts)
  await eventually(() => expect(JSON.stringify(dataOf(wire, '1'))).toContain('Checkpoint'))
  return (text) => eventually(() => expect(JSON.stringify(dataOf(wire, '1'))).toContain(text))
}
