import { join } from 'node:path'
import { expect } from 'vitest'
import { movedFile } from '../../src/platform/postgres/moved.ts'
import { isRefused, resumes } from '../faults/database/resuming.ts'
import { Device } from '../inbox/device.ts'
import { fetched, looksAt } from '../media/verbs.ts'
import { finds } from '../search/verbs.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { eventually } from '../world/eventually.ts'
import type { Person } from '../world/person.ts'
import { json, parlance } from './run.ts'
import { env, type Place, type Stage } from './stage.ts'

/** One way of bringing the data of a running server to another place, with clients that hold cursors. */
export type Way = (stage: Stage, from: Place, to: Place) => Promise<void>

/** Uploads and search work, each device misses nothing, and each acknowledged message is there. */
async function isComplete({ bob, file }: Stage, devices: Device[], acknowledged: string[]): Promise<void> {
  expect((await fetched((await looksAt(bob, file.id))?.url)).bytes).toEqual(file.bytes)
  for (const device of devices) expect(await resumes(device)).toBe('complete')
  const present = await messagesOf(bob)
  expect(acknowledged.filter((id) => !present.has(id))).toEqual([])
  await eventually(async () => expect(await finds(bob, 'beforehand')).toEqual(['beforehand']))
}

async function messagesOf(person: Person): Promise<Set<string>> {
  const { conversations } = await Device.of(person)
  return new Set([...conversations.values()].flatMap(({ messages }) => [...messages.keys()]))
}

/** Alice talks while the backup is written; what she says after it is lost. */
export const backup =
  (...switches: '--media'[]): Way =>
  async (stage, from, to) => {
    const { bob, talks, talksUntil } = stage
    const away = await Device.of(bob)
    const acknowledged = await talks(1)
    const current = await Device.of(bob)
    const folder = join(await temporaryFolder(), 'backup')

    let isWritten = false
    const writing = json(['backup', folder, ...switches], env(from)).finally(() => {
      isWritten = true
    })
    const [report] = await Promise.all([writing, talksUntil(() => isWritten)])
    const included = !from.S3_URL || switches.includes('--media')
    expect(report).toMatchObject({ media: { objects: 1, included, missing: 0 } })
    await talks(2)
    const lost = await Device.of(bob)
    await stage.stops()

    expect(await json(['restore', folder], env(to))).toMatchObject({
      rows: report.rows,
      media: { objects: 1, missing: 0 },
    })
    await stage.startsOn(to)
    await isRefused(bob, lost.cursor)
    await talks(9)
    await isRefused(bob, lost.cursor)
    await isComplete(stage, [away, current], acknowledged)
  }

/** Alice talks until the server is gone; nothing is lost. */
export const move: Way = async (stage, from, to) => {
  const { bob, talks, talksUntil } = stage
  const away = await Device.of(bob)
  await talks(2)
  const current = await Device.of(bob)
  const moving = ['move', '--to', to.DATABASE_URL ?? '']
  const { stderr } = await parlance(moving, env(from))
  expect(stderr).toMatch(/is running on the data folder .* Stop it first/)
  const [acknowledged] = await Promise.all([talksUntil(() => false), stage.stops()])
  expect(await json(moving, env(from))).toMatchObject({ to: expect.stringContaining('PostgreSQL at') })

  await expect(stage.startsOn(from)).rejects.toThrow(
    /was moved to PostgreSQL at .*: set DATABASE_URL, or remove/,
  )
  await stage.startsOn(to)
  await isComplete(stage, [away, current], acknowledged)
  expect((await parlance(moving, env(from))).stderr).toContain(movedFile(from.DATA_DIR ?? ''))
}
