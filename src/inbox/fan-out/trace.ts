import { readCauses } from '../../conversation/outbox/trace-causes.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Tracing } from '../../platform/tracing/tracing.ts'
import type { PendingDelivery } from './pending-delivery.ts'

/** Runs a batch of deliveries in the traces of the messages that it delivers. */
export async function traceFanOut<Result>(
  tracing: Tracing | null,
  sql: Sql,
  done: PendingDelivery[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (!tracing || done.length === 0) return work()
  const causes = await readCauses(
    sql,
    tracing,
    done.map(({ conversationId }) => conversationId),
  )
  const parts = done.map(({ conversationId: subjectId, deliveredVersion, version }) => {
    const cause = causes.get(subjectId)
    if (!cause || cause.version <= deliveredVersion || cause.version > version)
      return { subjectId, span: null }
    const facts = { 'parlance.conversation.id': subjectId }
    return { subjectId, span: tracing.follow(cause.traceparent, 'CONSUMER', 'fan out', facts) }
  })
  try {
    return await tracing.batch('fan-out batch', parts, work)
  } finally {
    for (const { span } of parts) span?.end()
  }
}
