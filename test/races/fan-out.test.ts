import pg from 'pg'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createFanOut } from '../../src/inbox/fan-out/worker.ts'
import { createMemoryBus } from '../../src/platform/bus/memory.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { Device } from '../inbox/device.ts'
import { onlyNotFound } from '../world/client.ts'
import type { Person } from '../world/person.ts'
import { trials } from '../world/trials.ts'
import { manyConnections, useWorld } from '../world/world.ts'

const world = useWorld({
  ...manyConnections,
  LIMIT_IMMEDIATE_GROUP_SIZE: '0',
  DIRECT_MESSAGES_FROM: 'everyone',
})

/** A fan-out worker of another server, with connections and a bus of its own; never idle. */
function anotherWorker(databaseUrl: string, complaints: string[]): void {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, pipeline: true })
  const bus = createMemoryBus((error) => complaints.push(String(error)))
  const log = pino({ level: 'warn' }, { write: (line: string) => void complaints.push(line) })
  const fanOut = createFanOut({ pool, bus, metrics: createMetrics({ ofProcess: false }), log, tracing: null })
  const timer = setInterval(fanOut.wake, 2)
  onTestFinished(async () => {
    clearInterval(timer)
    await fanOut.close()
    await pool.end()
  })
}

test('several fan-out workers with readers and removals: no deadlock, no mark left, no change lost', async () => {
  const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
  const rooms = [
    await alice.creates('one', [bob, carol, dave]),
    await alice.creates('two', [bob, carol, dave]),
  ]
  const complaints: string[] = []
  anotherWorker(world.databaseUrl, complaints)
  anotherWorker(world.databaseUrl, complaints)
  const devices = await Promise.all([bob, carol, dave].map((person) => Device.of(person)))
  const [live, , leaver] = devices as [Device, Device, Device]
  await live.opens()

  await trials(6, async () => {
    await talkWhile({ rooms, alice, bob, carol, dave })
    // No later change follows that could hide a loss.
    await expect.poll(() => undelivered(world.databaseUrl)).toBe(0)
  })
  expect(complaints).toEqual([])
  for (const device of devices) {
    await device.opens()
    await device.catchesUp()
    await device.isComplete()
    device.cut()
  }
  expect(new Set(leaver.removals)).toEqual(new Set(rooms.map(({ id }) => id)))
})

interface Stage {
  rooms: { id: string }[]
  alice: Person
  bob: Person
  carol: Person
  dave: Person
}

async function talkWhile({ rooms, alice, bob, carol, dave }: Stage): Promise<void> {
  let isOver = false
  const talks = async (sender: Person) => {
    for (let count = 0; count < 8; count += 1)
      for (const { id } of rooms) {
        const message = await sender.sends(id, `${count}`)
        if (count % 5 === 0) await sender.recalls(message)
      }
  }
  const reads = async (reader: Person) => {
    while (!isOver)
      for (const { id } of rooms) {
        const conversation = await reader.conversation(id)
        if (conversation) await reader.reads(id, conversation.maxSeq).catch(onlyNotFound)
        await reader.sync(null)
      }
  }
  const comesAndGoes = async () => {
    while (!isOver)
      for (const { id } of rooms) {
        await alice.removes(id, dave)
        await alice.adds(id, dave)
      }
  }
  const over = Promise.all([talks(alice), talks(bob), talks(carol)]).finally(() => {
    isOver = true
  })
  await Promise.all([over, reads(bob), reads(dave), comesAndGoes()])
}

/** Marks that are left, and conversations that have come further than their delivery. */
async function undelivered(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      `select conversation_id from delivery_mark
       union select c.id from conversation c join delivery d on d.conversation_id = c.id
       where (c.version, c.revision) <> (d.version, d.revision)`,
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}
