import type { ExecutionResult } from 'graphql'
import { ask } from '../../server/wire.ts'
import { socketClient } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { actor, type Role, tokenOf } from './cast.ts'
import type { Scene } from './scene.ts'

interface Watch {
  caller: Person
  received: () => string
  /** Waits until the events contain this text, or the stream ended. */
  until: (text: string) => Promise<void>
}

interface Stream {
  query: (scene: Scene, caller: Person) => string
  /** Causes an event about vera, waits until it would have arrived, and says whether it did. */
  shows: (scene: Scene, watch: Watch) => Promise<boolean>
}

const types = ({ url, credentials }: Person, groupId: string) =>
  ask(
    url,
    `mutation { sendTyping(input: { conversationId: "${groupId}" }) { shown } }`,
    credentials.accessToken,
  )

export const streams: Record<string, Stream> = {
  inbox: {
    query: () =>
      `subscription { inbox { __typename ... on Checkpoint { caughtUp } ... on MessagesChanged { messages { id } } } }`,
    async shows({ cast, groupId }, { caller, received, until }) {
      await until('"caughtUp":true')
      const notes = await caller.creates('my notes', [])
      const { id } = await cast.vera.sends(groupId, 'hello')
      // Events arrive in order, so vera's message would be before this one.
      await until((await caller.sends(notes.id, 'end')).id)
      return received().includes(id)
    },
  },
  presence: {
    query: ({ cast }, caller) =>
      `subscription { presence(userIds: ["${cast.vera.id}", "${caller.id}"]) { id presence { status } } }`,
    async shows({ cast }, { caller, received, until }) {
      for (const { id } of [cast.vera, caller]) await until(id)
      return received().includes(`{"id":"${cast.vera.id}","presence":{"status":"ONLINE"}}`)
    },
  },
  typing: {
    query: ({ groupId }) => `subscription { typing(conversationId: "${groupId}") { __typename } }`,
    async shows({ cast, groupId }, { caller, received }) {
      const typist = caller === cast.vera ? cast.bob : cast.vera
      await eventually(async () => {
        await types(typist, groupId)
        if (!received()) throw new Error('No event has arrived.')
      })
      return true
    },
  },
}

/** Opens a stream as a user in a role, and returns what it shows of vera. */
export async function outcomeOfStream(scene: Scene, role: Role, stream: Stream): Promise<string> {
  const caller = actor(scene.cast, role)
  const client = socketClient(scene.world.url, () => tokenOf(scene.cast, role) ?? null)
  let text = ''
  let ended: string | null = null
  client.subscribe(
    { query: stream.query(scene, caller) },
    {
      next: ({ data, errors }: ExecutionResult) => {
        if (errors) ended = String(errors[0]?.extensions.code)
        else text += JSON.stringify(data)
      },
      error: (reason) => {
        ended = Array.isArray(reason) ? String(reason[0]?.extensions?.code) : codeOf(reason)
      },
      complete: () => {},
    },
  )
  const until = (part: string) =>
    eventually(() => {
      if (!ended && !text.includes(part)) throw new Error(`There is no ${part} in ${text}.`)
    })
  try {
    const isShown = stream.shows(scene, { caller, received: () => text + (ended ?? ''), until })
    // Calls of a caller without a token fail on their own.
    const shows = await isShown.catch((error: unknown) => {
      if (ended) return false
      throw error
    })
    return ended ?? (shows ? 'yes' : 'empty')
  } finally {
    await client.dispose()
  }
}

const codeOf = (reason: unknown) => String((reason as { code?: number }).code)
