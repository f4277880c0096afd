import { loadUser, type UserRow, userColumns } from '../../account/store.ts'
import { peerPositions } from '../../contact/direct/receipts.ts'
import { type Context, requireViewer } from '../../context.ts'
import { peerOf } from '../../conversation/direct.ts'
import { loadMembership, visibleConversation } from '../../conversation/store.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { type PageArgs, readForwardPage } from '../../platform/graphql/page.ts'
import { nameOrder } from '../../platform/language/name-order.ts'
import { defineLoader } from '../../platform/loader.ts'
import { type MessagePosition, type MessageRow, positionKey } from '../store.ts'

// A member's read position starts after the messages before they joined, which they have not read.
const hasRead = `
  m.conversation_id = s.conversation_id and m.user_id <> s.sender_id and m.read_seq >= s.seq
  and m.visible_from_seq <= s.seq and m.joined_at <= s.sent_at`

const loadCount = defineLoader<MessagePosition, MessagePosition & { count: number }>(
  (sql, places) =>
    sql.query(
      `select s.conversation_id as "conversationId", s.seq, count(u.id)::integer as count
       from message s
       join unnest($1::text[], $2::integer[]) as k (conversation_id, seq)
         on s.conversation_id = k.conversation_id and s.seq = k.seq
       left join membership m on ${hasRead}
       left join "user" u on u.id = m.user_id and u.read_receipts
       group by s.conversation_id, s.seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.seq)],
    ),
  positionKey,
  positionKey,
)

type Readers = 'HIDDEN' | 'NONE' | 'STORED'

/** What the viewer may know about the readers of a message. */
async function visibleReaders(ctx: Context, message: MessageRow): Promise<Readers> {
  const { senderId, conversationId, seq } = message
  if (senderId === null) return 'HIDDEN'
  const viewer = requireViewer(ctx)
  const visible = await visibleConversation(ctx, viewer, conversationId)
  if (!visible) return 'HIDDEN'
  const peerId = peerOf(conversationId, viewer.userId)
  const peer = peerId ? await loadMembership(ctx, { conversationId, userId: peerId }) : null
  if (peer) {
    const { readSeq } = await peerPositions(ctx, peer)
    if (readSeq === null) return 'HIDDEN'
    return senderId === viewer.userId && readSeq < seq ? 'NONE' : 'STORED'
  }
  if (visible.memberCount > ctx.config.limits.receiptGroupSize) return 'HIDDEN'
  return (await loadUser(ctx, viewer.userId))?.readReceipts ? 'STORED' : 'HIDDEN'
}

/** The number of readers other than the sender; null if the viewer may not see it. */
export async function readerCount(ctx: Context, message: MessageRow): Promise<number | null> {
  const readers = await visibleReaders(ctx, message)
  if (readers !== 'STORED') return readers === 'NONE' ? 0 : null
  const { conversationId, seq } = message
  return (await loadCount(ctx, { conversationId, seq }))?.count ?? 0
}

const sortName = nameOrder('u.display_name')

const page = `
  select ${userColumns}, ${sortName} as "sortName"
  from message s join membership m on ${hasRead} join "user" u on u.id = m.user_id and u.read_receipts
  where s.conversation_id = $1 and s.seq = $2 and ($3::text is null or (${sortName}, u.id) > ($3::text, $4::text))
  order by ${sortName}, u.id limit $5`

/** The readers by name; none if the viewer may not see them. */
export async function listReaders(
  ctx: Context,
  message: MessageRow,
  args: PageArgs,
): Promise<Connection<UserRow>> {
  const { conversationId, seq } = message
  const readersPage = await readForwardPage(ctx.config.limits, args, {
    key: ['string', 'string'],
    read: async (after, limit) => {
      if ((await visibleReaders(ctx, message)) !== 'STORED') return []
      return ctx.sql.query<UserRow & { sortName: string }>(page, [conversationId, seq, ...after, limit])
    },
    keyOf: (row) => [row.sortName, row.id],
  })
  return { ...readersPage, totalCount: async () => (await readerCount(ctx, message)) ?? 0 }
}
