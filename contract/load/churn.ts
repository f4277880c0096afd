import { setTimeout as pause } from 'node:timers/promises'
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
  while (!isOver()) {
    await pause(random.between(300, 900))
    const guest = random.pick(guests)
    const isPresent = present.get(guest) ?? false
    const writing = load.sendAs(guest, club, random)
    const f = isPresent ? 'remove' : 'add'
    for (let tries = 0; tries < 20 && !isOver(); tries += 1) {
      const variables = { groupId: club.id, userId: guest.id }
      const answer = await club.owner.perform(f, random.below(servers), variables)
      // A removal that is repeated finds no member.
      if (answer.ph === 'ok' || (answer.ph === 'fail' && answer.code === 'NOT_FOUND')) {
        present.set(guest, !isPresent)
        break
      }
      await pause(200)
    }
    await writing
    await load.sendAs(guest, club, random)
  }
}
