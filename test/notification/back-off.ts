import { beforeAll, vi } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import type { World } from '../world/world.ts'

const recordBackOffs = [
  'create table back_off (message_id text, tries integer, pause_ms float8, due_at timestamptz)',
  `create function record_back_off() returns trigger language plpgsql as $$ begin
     insert into back_off select s.id, new.tries, extract(epoch from new.due_at - new.at) * 1000, new.due_at
     from message s where s.conversation_id = new.conversation_id and s.seq = new.to_seq;
     return null;
   end $$`,
  `create trigger record_back_off after update on push_attempt for each row
   when (new.status = 'QUEUED' and new.owner is null and new.tries > old.tries) execute function record_back_off()`,
]

const readBackOff = `
  select pause_ms as "pauseMs", due_at as "dueAt" from back_off where message_id = $1 and tries = $2`

const makeDue = `
  update push_attempt a set due_at = clock_timestamp() from message s
  where s.conversation_id = a.conversation_id and s.seq = a.to_seq
    and s.id = $1 and a.status = 'QUEUED' and a.tries = $2 and a.owner is null`

/** Records the back-offs of a world's notifications: a slow machine may look only after one has ended. */
export function useBackOffs(world: World) {
  beforeAll(async () => {
    for (const statement of recordBackOffs) await inDatabase(world, statement)
  })

  /** Waits until so many attempts at a message have failed, makes the retry due, and returns when it would have been. */
  return async ({ id }: { id: string }, tries: number) => {
    const backOff = await vi.waitFor(async () => {
      const [found] = await inDatabase<{ pauseMs: number; dueAt: Date }>(world, readBackOff, [id, tries])
      if (!found) throw new Error(`Attempt ${tries} has not failed.`)
      return found
    }, 15_000)
    await inDatabase(world, makeDue, [id, tries])
    return backOff
  }
}
