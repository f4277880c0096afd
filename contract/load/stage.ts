import { setTimeout as pause } from 'node:timers/promises'
import { Client, type Credentials } from '../client/client.ts'
import { documents } from '../client/documents.ts'
import { request } from '../client/request.ts'
import type { Recorder } from '../history.ts'

export interface Room {
  id: string
  owner: Client
  /** Members who stay; the owner is one of them. */
  members: Client[]
  /** Those of them who write and read; the others only listen, so they have much that is unread. */
  active: Client[]
  /** The members, and those who are removed and added again: they ask for it all the same. */
  readers: Client[]
}

export interface Stage {
  clients: Client[]
  rooms: Room[]
  /** A group whose other members are removed and added again. */
  club: Room
  guests: Client[]
}

interface Tokens {
  accessToken: string
  refreshToken: string
  session: { id: string }
  user: { id: string }
}

const patience = 20

export const credentialsOf = ({ accessToken, refreshToken, session }: Tokens): Credentials => ({
  accessToken,
  refreshToken,
  sessionId: session.id,
})

export const passwordOf = (user: string) => `the password of ${user}`

/** Users and conversations of every way of delivery. Faults begin after it. */
export async function stage(urls: string[], recorder: Recorder): Promise<Stage> {
  /** A busy machine may leave the outcome open: then it asks again. */
  const ask = async (name: keyof typeof documents, variables: object, token: string | null) => {
    for (let tries = 0; ; tries += 1) {
      const answer = await request(
        urls[0] ?? '',
        documents[name],
        variables as Record<string, unknown>,
        token,
      )
      if (answer.ph === 'ok')
        return Object.values(answer.data)[0] as { conversation: { id: string } } & Tokens
      const isDecided = answer.ph === 'fail' && answer.code !== 'UNAVAILABLE'
      if (isDecided || tries === patience) throw new Error(`${name} failed: ${answer.code}`)
      await pause(500)
    }
  }
  const register = async (user: string) => {
    const account = { handle: user, password: passwordOf(user) }
    // If an attempt of unknown outcome did register, the next one finds the handle taken.
    const payload = await ask('register', account, null).catch(() => ask('login', account, null))
    const credentials = credentialsOf(payload)
    return new Client({ user, device: 'phone', id: payload.user.id, credentials, urls, recorder })
  }
  const [ann, ben, cat, dan, eve, fay] = (await Promise.all(
    ['anna', 'bena', 'cata', 'dana', 'evea', 'faya'].map(register),
  )) as [Client, Client, Client, Client, Client, Client]
  const direct = async (owner: Client, other: Client): Promise<Room> => {
    const { conversation } = await ask('openDirect', { userId: other.id }, owner.credentials.accessToken)
    const members = [owner, other]
    return { id: conversation.id, owner, members, active: members, readers: members }
  }
  const group = async (name: string, owner: Client, ...others: Client[]): Promise<Room> => {
    const memberIds = others.map(({ id }) => id)
    const { conversation } = await ask('createGroup', { name, memberIds }, owner.credentials.accessToken)
    const members = [owner, ...others]
    return { id: conversation.id, owner, members, active: members.slice(0, -1), readers: members }
  }
  const rooms = [
    await direct(ann, ben),
    await direct(cat, dan),
    await group('small', ben, ann, cat),
    await group('middle', cat, ann, ben, dan, eve),
    await group('large', dan, ann, ben, cat, eve, fay),
  ]
  const club = await group('club', ann, ben, cat, eve, fay)
  return {
    clients: [ann, ben, cat, dan, eve, fay],
    // Readers are all of them: the guests ask while they are away, too.
    rooms: [...rooms, { ...club, members: [ann, ben, cat], active: [ann, ben] }],
    club,
    guests: [eve, fay],
  }
}
