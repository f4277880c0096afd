import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { Device } from '../../inbox/device.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { databaseUrl } from '../../setup/database-url.ts'
import { withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import { refusal } from '../../world/client.ts'
import { sharedSchema } from '../../world/declared-errors.ts'
import type { Person } from '../../world/person.ts'
import { signsUp } from '../attempts.ts'
import { Cluster, debianEngine, type Engine, embeddedEngine, restoresDump } from './cluster.ts'
import { DatabaseProxy } from './proxy.ts'
import { isRefused, resumes, untilSent } from './resuming.ts'

const secret = 'a secret for tests that is long enough'
const engines = [await embeddedEngine(), await debianEngine()].filter((engine) => engine !== null)

interface Stage {
  cluster: Cluster
  proxy: DatabaseProxy
  app: App
  alice: Person
  bob: Person
  /** A direct conversation, and groups with the delivery modes SIGNAL and BROADCAST. */
  rooms: string[]
  /** Alice sends a message to each conversation. */
  talks(count: number): Promise<void>
}

const startOn = (databaseUrl: string): Promise<App> => {
  const config = readConfig({
    ...generousLimits,
    ...withoutFfmpeg,
    PORT: '0',
    LOG_LEVEL: 'silent',
    AUTH_SECRET: secret,
    DATABASE_URL: databaseUrl,
    LIMIT_IMMEDIATE_GROUP_SIZE: '2',
    LIMIT_INLINE_GROUP_SIZE: '3',
  })
  return createApp(config, { passwordHashing: cheapHashing, schema: sharedSchema() })
}

/** A stopped cluster of each engine, with the tables of a server. */
const templates = new Map<Engine, Cluster>()
beforeAll(async () => {
  for (const engine of engines) {
    const cluster = await Cluster.create(engine)
    templates.set(engine, cluster)
    await (await startOn(cluster.url)).close()
    // A crash of its processes loses nothing that they have written, whether it was synchronised or not.
    await cluster.asAdmin('alter system set fsync = off')
    await cluster.stops()
  }
})
afterAll(async () => {
  for (const template of templates.values()) await template.remove()
})

/** A server that stays up behind a proxy while its database is crashed or replaced. */
async function setsUp(engine: Engine): Promise<Stage> {
  const cluster = await (templates.get(engine) as Cluster).copy()
  onTestFinished(() => cluster.remove())
  await cluster.starts()
  const proxy = await DatabaseProxy.before(cluster.url)
  onTestFinished(() => proxy.close())
  const app = await startOn(proxy.url)
  onTestFinished(() => app.close())
  const alice = await signsUp(app.url, 'alice')
  const bob = await signsUp(app.url, 'bob')
  const [carol, dave] = [await signsUp(app.url, 'carol'), await signsUp(app.url, 'dave')]
  const direct = await alice.befriends(bob)
  await alice.befriends(carol)
  await alice.befriends(dave)
  const large = await alice.creates('all of us', [bob, carol, dave])
  const smaller = await alice.creates('three of us', [bob, carol])
  const rooms = [direct, large.id, smaller.id]
  const talks = async (count: number) => {
    for (let sent = 0; sent < count; sent += 1)
      for (const room of rooms) await untilSent(() => alice.sends(room, `${sent}`))
  }
  return { cluster, proxy, app, alice, bob, rooms, talks }
}

/** A connected device must hold all messages in the end, or have received ResyncRequired. */
async function staysTrue(device: Device): Promise<void> {
  await device.becomesComplete(20_000).catch(async (error) => {
    if (!String(error).includes('The cursor was rejected')) throw error
    const restarted = await Device.of(device.person)
    await restarted.opens()
    await restarted.catchesUp()
    await restarted.isComplete()
    restarted.cut()
  })
  device.cut()
}

/** A standby that has what the cluster holds now, and nothing later. */
async function standbyOf(cluster: Cluster, proxy: DatabaseProxy): Promise<Cluster> {
  await proxy.goesAway()
  await cluster.stops()
  const standby = await cluster.copy({ asStandby: true })
  onTestFinished(() => standby.remove())
  await cluster.starts()
  await standby.starts()
  await proxy.comesBack()
  return standby
}

const takesThePlaceOf = (one: string, other: string) => [
  `alter database ${one} rename to lost`,
  `alter database ${other} rename to ${one}`,
]

describe.each(engines)('$name', { timeout: 60_000 }, (engine) => {
  test('after a crash of the database a cursor misses no message, whichever transactions were rolled back', async () => {
    const { cluster, proxy, alice, bob, rooms, talks } = await setsUp(engine)
    const away = await Device.of(bob)
    const live = await Device.of(bob)
    await live.opens()
    await live.catchesUp()
    await talks(2)
    const [room = ''] = rooms
    const kept = await alice.sends(room, 'kept')
    const late = await Device.of(bob)
    // Each takes a transaction number that is lost in the crash.
    for (let count = 0; count < 24; count += 1) await refusal(bob.recalls(kept))
    late.cursor = await bob.syncCursor()

    await cluster.crashes()
    await cluster.starts()
    await proxy.comesBack()
    await untilSent(() => alice.sends(rooms[1] ?? '', 'after the crash'))

    expect(await resumes(late)).toBe('complete')
    expect(await resumes(away)).toBe('complete')
    await staysTrue(live)
  })

  test('an older copy of the data folder rejects cursors of lost changes and accepts earlier ones', async () => {
    const { cluster, proxy, bob, talks, app } = await setsUp(engine)
    await talks(2)
    const before = await Device.of(bob)
    await proxy.goesAway()
    await cluster.stops()
    const backup = await cluster.copy()
    onTestFinished(() => backup.remove())
    await cluster.starts()
    await proxy.comesBack()
    await talks(3)
    const lost = await Device.of(bob)
    const live = await Device.of(bob)
    await live.opens()
    await live.catchesUp()

    await proxy.goesAway()
    await cluster.stops()
    await backup.starts()
    await proxy.comesBack(backup.url)
    await talks(1)
    await isRefused(bob, lost.cursor)
    // The lost numbers are now given to other messages.
    await talks(8)
    await isRefused(bob, lost.cursor)
    expect(await resumes(before)).toBe('complete')
    await staysTrue(live)
    expect(await Promise.race([app.failed, Promise.resolve('serving')])).toBe('serving')
  })

  test('a standby promoted without the last messages rejects cursors of lost changes', async () => {
    const { cluster, proxy, bob, talks, app } = await setsUp(engine)
    await talks(2)
    const before = await Device.of(bob)
    const standby = await standbyOf(cluster, proxy)
    await talks(3)
    const lost = await Device.of(bob)
    const live = await Device.of(bob)
    await live.opens()
    await live.catchesUp()

    await cluster.crashes()
    await standby.isPromoted()
    await proxy.comesBack(standby.url)
    await talks(8)
    await isRefused(bob, lost.cursor)
    expect(await resumes(before)).toBe('complete')
    await staysTrue(live)
    expect(await Promise.race([app.failed, Promise.resolve('serving')])).toBe('serving')
  })

  test('a standby promoted without a message to a group rejects the cursor of its event', async () => {
    const { cluster, proxy, alice, bob, rooms, talks } = await setsUp(engine)
    await talks(1)
    const standby = await standbyOf(cluster, proxy)
    const reader = await Device.of(bob)
    await reader.opens()
    await reader.catchesUp()
    const group = rooms.at(-1) ?? ''
    // No stream has a number for it.
    await untilSent(() => alice.sends(group, 'lost'))
    const holds = () =>
      [...(reader.conversations.get(group)?.messages.values() ?? [])].some(
        ({ plainText }) => plainText === 'lost',
      )
    while (!holds()) await reader.folds()
    reader.cut()

    await cluster.crashes()
    await standby.isPromoted()
    await proxy.comesBack(standby.url)
    await untilSent(() => alice.sends(group, 'in its place'))
    await isRefused(bob, reader.cursor)
  })

  test('a copy of the database in the same cluster rejects cursors of changes that it lacks', async () => {
    const { cluster, proxy, bob, talks, app } = await setsUp(engine)
    await talks(2)
    const before = await Device.of(bob)
    await proxy.goesAway()
    await cluster.asAdmin('create database copy template parlance')
    await proxy.comesBack()
    await talks(3)
    const lost = await Device.of(bob)

    await proxy.goesAway()
    await cluster.asAdmin(...takesThePlaceOf('parlance', 'copy'))
    await proxy.comesBack()
    await talks(8)
    await isRefused(bob, lost.cursor)
    expect(await resumes(before)).toBe('complete')
    expect(await Promise.race([app.failed, Promise.resolve('serving')])).toBe('serving')
  })
})

describe.runIf(engines.length > 1)('dumps', { timeout: 60_000 }, () => {
  test.each(['the same cluster', 'a younger cluster'])(
    'a dump restored into %s rejects cursors of lost changes and accepts earlier ones',
    async (where) => {
      const engine = engines[1] as Engine
      const { cluster, proxy, bob, talks } = await setsUp(engine)
      await talks(2)
      const before = await Device.of(bob)
      const target = where === 'the same cluster' ? cluster : await Cluster.create(engine)
      if (target !== cluster) onTestFinished(() => target.remove())
      await target.asAdmin('create database restored')
      await restoresDump(engine, cluster.url, databaseUrl(target.url, 'restored'))
      await talks(3)
      const lost = await Device.of(bob)
      const live = await Device.of(bob)
      await live.opens()
      await live.catchesUp()

      await proxy.goesAway()
      await target.asAdmin(...takesThePlaceOf('parlance', 'restored'))
      await proxy.comesBack(target.url)
      await talks(8)
      await isRefused(bob, lost.cursor)
      expect(await resumes(before)).toBe('complete')
      await staysTrue(live)
      // Changes that the reader has are not delivered again.
      const again = await Device.of(bob)
      await again.opens()
      expect(await again.folds()).toMatchObject({ __typename: 'Checkpoint', caughtUp: true })
      again.cut()
    },
  )
})
