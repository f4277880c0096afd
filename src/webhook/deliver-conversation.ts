import type { Sql } from '../platform/db/sql.ts'
import { groupEvent, messageEvent, readChanges, type WebhookEvent } from './events.ts'
import type { Progress, ProgressStore } from './progress.ts'

/**
 * Tells all changes of a conversation, in order: new messages by their number, whatever happened to them since, and changes
 * of those that were told before by their version. Progress is kept after each, so that after a kill one is told twice at most.
 */
export async function deliverConversation(
  { sql, store }: { sql: Sql; store: ProgressStore },
  before: Progress,
  tell: (event: WebhookEvent) => Promise<void>,
): Promise<void> {
  let progress = before
  const told = async (event: WebhookEvent | null, next: Partial<Progress>) => {
    if (event) await tell(event)
    progress = { ...progress, ...next }
    if (event) await store.save(progress, false)
  }

  for (;;) {
    const { places, all, reached, revision, now } = await readChanges(sql, progress)
    for (const { seq, version } of places) {
      if (seq <= progress.seq) await told(await messageEvent(sql, progress, seq, false), {})
      for (let next = progress.seq + 1; next <= seq; next += 1)
        await told(await messageEvent(sql, progress, next, true), { seq: next })
      progress = { ...progress, version }
    }
    if (!all) continue
    if (revision > progress.revision) await told(await groupEvent(sql, progress.conversationId), { revision })
    return store.save({ ...progress, version: reached, reachedAt: now }, true)
  }
}
