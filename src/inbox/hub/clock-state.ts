import type { ConversationRow } from '../../conversation/store.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import type { DeliveryMode } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { gather } from '../../platform/loader.ts'
import type { SignalState } from '../event/body.ts'
import { Reached } from '../position.ts'
import type { Broadcast } from '../stream/source/broadcasts.ts'

/** The state of a conversation that the delivery clock numbers. */
export interface ClockState extends SignalState {
  mode: DeliveryMode
  /** The tick of the delivery, or one at which the state was read. */
  tick: number
  /** The history of the tick; null if the tick is unknown. */
  history: string | null
  /** Traceparent of the span that caused the change; undefined if it is not traced. */
  trace?: string
}

const noTick = { tick: 0, history: null }

/** The conversations of a user that the clock numbers. */
export const byClockOf = gather(async (sql: Sql, userIds: readonly string[]) => {
  const distinct = [...new Set(userIds)]
  const rows = await sql.query<Omit<ClockState, 'tick' | 'history'> & { userId: string }>(
    `select s.*, m.user_id as "userId" from unnest(${arrayOf(1, 'text')}) as k (user_id)
     join membership m on m.user_id = k.user_id and m.by_clock
     cross join lateral (
       select c.id as "conversationId", c.version, c.revision, c.max_seq as "maxSeq", c.message_count as "messageCount",
              c.delivery_mode::text as mode
       from conversation c where c.id = m.conversation_id limit 1
     ) s`,
    [distinct],
  )
  const byUser = new Map<string, ClockState[]>(distinct.map((userId) => [userId, []]))
  for (const { userId, ...state } of rows) byUser.get(userId)?.push({ ...state, ...noTick })
  return userIds.map((userId) => byUser.get(userId) ?? [])
})

export const stateOf = ({
  id,
  version,
  settingsVersion: revision,
  maxSeq,
  messageCount,
  deliveryMode: mode,
}: ConversationRow): ClockState => ({
  ...{ conversationId: id, version, revision, maxSeq, messageCount, mode },
  ...noTick,
})

/** What to deliver to a stream that has everything up to a version; null if that is unknown. */
export const broadcastOf = (
  { conversationId, version, maxSeq, tick, trace }: ClockState,
  from: number | null,
): Broadcast => ({
  ...{ conversationId, from, tick },
  to: new Reached(conversationId, maxSeq, version),
  ...(trace !== undefined && { trace }),
})

export const isNewer = (one: SignalState, other: SignalState) =>
  one.version > other.version || one.revision > other.revision
