import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import type { Random } from '../random.ts'
import type { Load } from './load.ts'
import type { Stage } from './stage.ts'

/**
 * The owner of the club removes its guests and adds them again; each outcome is known before the next. The guests write
 * meanwhile, and after it.
 */
export async function churn(
  { club, guests }: Stage,
  load: Load,
  { random, servers, isOver }: { random: Random; servers: number; isOver: () => boolean },
) {
  const present = new Map(guests.map((guest) => [guest, true]))
  const change = async (guest: Client, isLate: () => boolean) => {
    const isPresent = present.get(guest) ?? false
    const f = isPresent ? 'remove' : 'add'
    for (let tries = 0; tries < 20 && !isLate(); tries += 1) {
      const variables = { groupId: club.id, userId: guest.id }
      const answer = await club.owner.perform(f, random.below(servers), variables)
      // A removal that is repeated finds no member.
      if (answer.ph === 'ok' || (answer.ph === 'fail' && answer.code === 'NOT_FOUND')) {
        present.set(guest, !isPresent)
        return
      }
      await pause(200)
    }
  }
  while (!isOver()) {
    await pause(random.between(300, 900))
    const guest = random.pick(guests)
    const writing = load.sendAs(guest, club, random)
    await change(guest, isOver)
    await writing
    await load.sendAs(guest, club, random)
  }
  // In the end one of them is away, so that every run says something about what a device must have dropped.
  if ([...present.values()].every(Boolean)) await change(random.pick(guests), () => false)
}
