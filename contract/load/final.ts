import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import { documents } from '../client/documents.ts'
import type { Stream } from '../client/stream.ts'
import { now } from '../history.ts'
import type { Stage } from './stage.ts'

interface Message {
  id: string
  plainText: string
  sender: object | null
  recalledAt: string | null
}

/** Messages of each conversation that each user looks for. */
const searched = 3

/** What every user reads in the end, after waiting until the devices hold as much, or for as long as is promised. */
export async function readEverything(
  stage: Stage,
  streams: { client: Client; stream: Stream }[],
  settleMs: number,
): Promise<void> {
  const until = now() + settleMs
  for (const { client, stream } of streams)
    for (const [id, version] of await versionsOf(client))
      while ((stream.known.get(id) ?? 0) < version && now() < until) await pause(50)
  for (const client of stage.clients)
    for (const [id] of await versionsOf(client)) {
      const found = await readWhole(client, id)
      for (const message of spread(found)) await find(client, message, until + settleMs)
    }
}

async function versionsOf(client: Client): Promise<Map<string, number>> {
  const answer = await repeated(() => client.perform('list', 0, {}))
  const { nodes } = answer.conversations as { nodes: { id: string; version: number }[] }
  return new Map(nodes.map(({ id, version }) => [id, version]))
}

async function readWhole(client: Client, id: string): Promise<Message[]> {
  const found: Message[] = []
  for (let after = 0; ; ) {
    const answer = await repeated(() => client.perform('final', 0, { id, after }, documents.changes))
    const { changes } = answer.conversation as {
      changes: { version: number; hasMore: boolean; messages: Message[] }
    }
    after = changes.version
    found.push(...changes.messages)
    if (!changes.hasMore) return found
  }
}

/** Some messages that a search must find: the newest one, and others at equal distances before it. */
function spread(messages: Message[]): Message[] {
  const written = messages.filter(({ sender, recalledAt }) => sender && recalledAt === null)
  return Array.from({ length: searched }, (_, place) =>
    written.at(-1 - Math.floor((place * written.length) / searched)),
  ).flatMap((message) => message ?? [])
}

async function find(client: Client, { id, plainText }: Message, until: number): Promise<void> {
  for (;;) {
    const answer = await repeated(() => client.perform('find', 0, { query: plainText, messageId: id }))
    if (JSON.stringify(answer).includes(id) || now() > until) return
    await pause(200)
  }
}

/** Everything is healed, but a pool may still hold a connection that broke. */
async function repeated(attempt: () => ReturnType<Client['perform']>): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries += 1) {
    const answer = await attempt()
    if (answer.ph === 'ok') return answer.data
    if (tries === 20) throw new Error(`The final read failed: ${answer.code}`)
    await pause(200)
  }
}
