import { expect } from 'vitest'
import type { Device } from '../../inbox/device.ts'
import { InboxSocket } from '../../inbox/socket.ts'
import { Refused, refusal } from '../../world/client.ts'
import { Acknowledge } from '../../world/operations.ts'
import type { Person } from '../../world/person.ts'

/** Retries while the server reconnects to its database. */
export async function untilSent(send: () => Promise<unknown>): Promise<void> {
  await expect
    .poll(() =>
      send().then(
        () => 'sent',
        (error) => (error instanceof Refused ? error.code : String(error)),
      ),
    )
    .toBe('sent')
}

/** A resuming client must receive all messages, or ResyncRequired. */
export async function resumes(device: Device): Promise<'complete' | 'refused'> {
  const resumed = await device
    .opens()
    .then(() => device.catchesUp())
    .then(
      () => 'complete' as const,
      (error) => {
        if (String(error).includes('The cursor was rejected')) return 'refused' as const
        throw error
      },
    )
  if (resumed === 'complete') await device.isComplete()
  device.cut()
  return resumed
}

async function firstEvent(person: Person, cursor: string): Promise<string> {
  const inbox = await InboxSocket.open(person, { after: cursor })
  const event = await inbox.next().catch((error) => ({ __typename: String(error) }))
  inbox.cut()
  return event?.__typename ?? 'none'
}

/** A cursor of lost changes must be refused by every operation. */
export async function isRefused(person: Person, cursor: string): Promise<void> {
  expect(await refusal(person.sync(cursor))).toBe('CONFLICT')
  expect(await refusal(person.do(Acknowledge, { cursor }))).toBe('INVALID_INPUT')
  await expect.poll(() => firstEvent(person, cursor)).toBe('ResyncRequired')
}
