import { type Context, requireViewer } from '../context.ts'
import { columns } from '../platform/db/columns.ts'
import type { Media } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'

/** A rendition that this server made. */
export interface StoredVariant {
  name: 'thumbnail' | 'video'
  key: string
  mimeType: string
  width: number | null
  height: number | null
  byteSize: number
}

const fields = [
  'id',
  'ownerId',
  'kind',
  'status',
  'filename',
  'mimeType',
  'byteSize',
  'asFile',
  'width',
  'height',
  'durationMs',
  'blurhash',
  'objectKey',
  'variants',
  'createdAt',
  'expiresAt',
] as const satisfies readonly (keyof Media)[]

export type MediaRow = Omit<Pick<Media, (typeof fields)[number]>, 'variants'> & { variants: StoredVariant[] }

export const mediaColumns = columns('d', fields)

/** Loads media items without checking permission, for messages and users that are readable; otherwise use readMedia. */
export const loadMedia = defineLoader<string, MediaRow>(
  (sql, ids) => sql.query(`select ${mediaColumns} from media d where d.id = any($1)`, [ids]),
  (media) => media.id,
)

interface Reading {
  mediaId: string
  userId: string
}

const readingText = ({ mediaId, userId }: Reading) => `${mediaId} ${userId}`

// Readable by the uploader and by members who may read a message with it. Recalled messages have no references.
const loadReadable = defineLoader<Reading, MediaRow & Reading>(
  (sql, readings) =>
    sql.query(
      `select ${mediaColumns}, k.media_id as "mediaId", k.user_id as "userId"
       from unnest($1::text[], $2::text[]) as k (media_id, user_id)
       join media d on d.id = k.media_id
       where d.owner_id = k.user_id or exists (
         select from message_media h
         join membership m on m.conversation_id = h.conversation_id and m.user_id = k.user_id
         where h.media_id = d.id and h.seq >= m.visible_from_seq)`,
      [readings.map((reading) => reading.mediaId), readings.map((reading) => reading.userId)],
    ),
  readingText,
  readingText,
)

/** A media item that the viewer may read; null when it does not exist or is not readable. */
export async function readMedia(ctx: Context, mediaId: string): Promise<MediaRow | null> {
  const readable = await loadReadable(ctx, { mediaId, userId: requireViewer(ctx).userId })
  if (readable) return readable
  const allowed = await ctx.hooks.ask('mayReadMedia', ctx, mediaId)
  return allowed.includes(true) ? loadMedia(ctx, mediaId) : null
}

/**
 * Locks the existing media items until the end of the transaction, so that none of them changes or is deleted. Callers
 * lock the conversations first.
 */
export async function lockMedia(sql: Sql, ids: readonly string[]): Promise<Map<string, MediaRow>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.query<MediaRow>(
    `select ${mediaColumns} from media d where d.id = any($1) order by d.id for share`,
    [[...new Set(ids)]],
  )
  return new Map(rows.map((row) => [row.id, row]))
}
