import { type Context, requireViewer } from '../../context.ts'
import { type MembershipRow, visibleConversation } from '../../conversation/store.ts'
import { columns } from '../../platform/db/columns.ts'
import type { Announcement } from '../../platform/db/generated/client.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type PageArgs, readForwardPage } from '../../platform/graphql/page.ts'
import { defineLoader } from '../../platform/loader.ts'

const fields = [
  'id',
  'conversationId',
  'seq',
  'text',
  'authorId',
  'createdAt',
] as const satisfies readonly (keyof Announcement)[]

export type AnnouncementRow = Pick<Announcement, (typeof fields)[number]>

type AnnouncementPlace = Pick<AnnouncementRow, 'conversationId' | 'seq'>

const placeKey = ({ conversationId, seq }: AnnouncementPlace) => `${conversationId} ${seq}`

const announcementColumns = columns('a', fields)

/** The newest announcement of each group. */
export const loadAnnouncement = defineLoader<string, AnnouncementRow>(
  (sql, groupIds) =>
    sql.query(
      `select newest.* from unnest($1::text[]) as k (id)
       cross join lateral (
         select ${announcementColumns} from announcement a where a.conversation_id = k.id order by a.seq desc limit 1
       ) newest`,
      [groupIds],
    ),
  (announcement) => announcement.conversationId,
)

/** The announcement that a system message reports; it may be read by the readers of that message. */
export const loadAnnouncementAt = defineLoader<AnnouncementPlace, AnnouncementRow>(
  (sql, places) =>
    sql.query(
      `select ${announcementColumns} from unnest($1::text[], $2::integer[]) as k (conversation_id, seq)
       join announcement a on a.conversation_id = k.conversation_id and a.seq = k.seq`,
      [places.map((place) => place.conversationId), places.map((place) => place.seq)],
    ),
  placeKey,
  placeKey,
)

const loadAnnouncementById = defineLoader<string, AnnouncementRow>(
  (sql, ids) => sql.query(`select ${announcementColumns} from announcement a where a.id = any($1)`, [ids]),
  (announcement) => announcement.id,
)

/** An announcement of the viewer's history, or the newest one of the group; null for others. */
export async function readAnnouncement(ctx: Context, id: string): Promise<AnnouncementRow | null> {
  const announcement = await loadAnnouncementById(ctx, id)
  if (!announcement) return null
  const visible = await visibleConversation(ctx, requireViewer(ctx), announcement.conversationId)
  if (!visible) return null
  if (announcement.seq >= visible.membership.visibleFromSeq) return announcement
  return (await loadAnnouncement(ctx, announcement.conversationId))?.id === id ? announcement : null
}

export async function insertAnnouncement(sql: Sql, announcement: AnnouncementRow): Promise<void> {
  const { conversationId, seq, id, text, authorId, createdAt } = announcement
  await sql.query(
    `insert into announcement (conversation_id, seq, id, text, author_id, created_at)
     values ($1, $2::integer, $3, $4, $5, $6::text::timestamptz)`,
    [conversationId, seq, id, text, authorId, createdAt.toISOString()],
  )
}

// Of the announcements before the member's visible history only the newest.
const page = `
  select ${announcementColumns} from announcement a
  where a.conversation_id = $1 and ($3::float8 is null or a.seq < $3)
    and (a.seq >= $2 or a.seq = (select max(seq) from announcement where conversation_id = $1))
  order by a.seq desc limit $4`

/** The announcements that the viewer may read, newest first. */
export function listAnnouncements(
  ctx: Context,
  { conversationId, visibleFromSeq }: MembershipRow,
  args: PageArgs,
) {
  return readForwardPage(ctx.config.limits, args, {
    key: ['number'],
    read: (after, limit) =>
      ctx.sql.query<AnnouncementRow>(page, [conversationId, visibleFromSeq, ...after, limit]),
    keyOf: (row) => [row.seq],
  })
}
