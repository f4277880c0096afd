import type { Sql } from '../platform/db/sql.ts'
import { groupEvent, messageEvent, readChanges, type WebhookEvent } from './events.ts'
import type { Progress, ProgressStore } from './progress.ts'

/**
 * Delivers all changes of a conversation in order: new messages by number, in their current state, and changes of
 * delivered messages by version. Progress is stored after each, so that a kill repeats one webhook at most.
 */
export async function deliverConversation(
  { sql, store }: { sql: Sql; store: ProgressStore },
  before: Progress,
  send: (event: WebhookEvent) => Promise<void>,
): Promise<void> {
  let progress = before
  const deliver = async (event: WebhookEvent | null, next: Partial<Progress>) => {
    if (event) await send(event)
    progress = { ...progress, ...next }
    if (event) await store.save(progress, false)
  }

  for (;;) {
    const { places, all, reached, revision, now } = await readChanges(sql, progress)
    for (const { seq, version } of places) {
      if (seq <= progress.seq) await deliver(await messageEvent(sql, progress, seq, false), {})
      for (let next = progress.seq + 1; next <= seq; next += 1)
        await deliver(await messageEvent(sql, progress, next, true), { seq: next })
      progress = { ...progress, version }
    }
    if (!all) continue
    if (revision > progress.revision)
      await deliver(await groupEvent(sql, progress.conversationId), { revision })
    return store.save({ ...progress, version: reached, reachedAt: now }, true)
  }
}
