import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import { documents } from '../client/documents.ts'
import type { Stream } from '../client/stream.ts'
import { now } from '../history.ts'
import type { Stage } from './stage.ts'

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
  for (const client of stage.clients) for (const [id] of await versionsOf(client)) await readWhole(client, id)
}

async function versionsOf(client: Client): Promise<Map<string, number>> {
  const answer = await repeated(() => client.perform('list', 0, {}))
  const { nodes } = answer.conversations as { nodes: { id: string; version: number }[] }
  return new Map(nodes.map(({ id, version }) => [id, version]))
}

async function readWhole(client: Client, id: string): Promise<void> {
  for (let after = 0; ; ) {
    const answer = await repeated(() => client.perform('final', 0, { id, after }, documents.changes))
    const { changes } = answer.conversation as { changes: { version: number; hasMore: boolean } }
    after = changes.version
    if (!changes.hasMore) return
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
