import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { signsUp } from '../faults/attempts.ts'
import { Cluster, type Engine } from '../faults/database/cluster.ts'
import { untilSent } from '../faults/database/resuming.ts'
import { openBucket } from '../media/storage/bucket.ts'
import { uploadsReady } from '../media/verbs.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { freePort } from '../setup/free-port.ts'
import { generousLimits } from '../setup/generous-limits.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import type { Person } from '../world/person.ts'

export const secret = 'a secret for tests that is long enough'

/** Settings that say where a server keeps its data. */
export type Place = Record<string, string>

export interface Stage {
  alice: Person
  bob: Person
  /** A direct conversation and a group in SIGNAL mode. */
  rooms: string[]
  file: { id: string; bytes: Buffer }
  /** Alice sends messages to both conversations; returns their ids. */
  talks(count: number): Promise<string[]>
  /** Alice sends until it is over or the server is gone; returns the ids of what was acknowledged. */
  talksUntil(isOver: () => boolean): Promise<string[]>
  stops(): Promise<void>
  /** Starts the server at the same address on other data. */
  startsOn(place: Place): Promise<void>
}

/** A server with two users who talk and share a file. Clients keep their address when the server moves. */
export async function setsUp(place: Place): Promise<Stage> {
  const port = String(await freePort())
  let app: App | null = null
  const startsOn = async (where: Place) => {
    const config = readConfig({
      ...generousLimits,
      PORT: port,
      LOG_LEVEL: 'silent',
      AUTH_SECRET: secret,
      LIMIT_INLINE_GROUP_SIZE: '2',
      ...where,
    })
    app = await createApp(config, { passwordHashing: cheapHashing })
  }
  const stops = async () => {
    await app?.close()
    app = null
  }
  onTestFinished(stops)
  await startsOn(place)
  const url = `http://127.0.0.1:${port}`
  const alice = await signsUp(url, 'alice')
  const bob = await signsUp(url, 'bob')
  const carol = await signsUp(url, 'carol')
  const direct = await alice.befriends(bob)
  await alice.befriends(carol)
  const group = await alice.creates('all of us', [bob, carol])
  const bytes = Buffer.from('Minutes of the meeting')
  const media = await uploadsReady(alice, { bytes, filename: 'minutes.txt', mimeType: 'text/plain' })
  await alice.sendsContent(direct, { file: { mediaId: media.id } })
  const rooms = [direct, group.id]
  const talks = async (count: number) => {
    const ids: string[] = []
    for (let sent = 0; sent < count; sent += 1)
      for (const room of rooms)
        await untilSent(async () => void ids.push((await alice.sends(room, `number ${sent}`)).id))
    return ids
  }
  const talksUntil = async (isOver: () => boolean) => {
    const ids: string[] = []
    while (!isOver())
      for (const room of rooms) {
        const sent = await alice.sends(room, 'on and on').catch(() => null)
        if (!sent) return ids
        ids.push(sent.id)
      }
    return ids
  }
  return { alice, bob, rooms, file: { id: media.id, bytes }, talks, talksUntil, stops, startsOn }
}

/** The settings of a command. */
export const env = (place: Place): Place => ({ AUTH_SECRET: secret, ...place })

export async function cluster(engine: Engine): Promise<Cluster> {
  const created = await Cluster.create(engine)
  onTestFinished(() => created.remove())
  return created
}

export async function bucket() {
  const opened = await openBucket()
  onTestFinished(opened.close)
  return opened
}

/** A new folder as DATA_DIR. */
export const dataDir = async (): Promise<string> => join(await temporaryFolder(), 'data')
