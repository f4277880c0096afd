import type { MessageKind } from '../platform/db/generated/enums.ts'
import { violates } from '../platform/db/outage.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { ConversationWriter } from '../transaction.ts'
import { marksOf } from './marks.ts'
import type { ConversationRow } from './store.ts'

/** A message before it has a number. */
export interface NewMessage {
  id: string
  conversationId: string
  /** Null for a system message, which has no client key either. */
  senderId: string | null
  clientMessageId: string | null
  requestHash: string | null
  kind: MessageKind
  content: object
  quoteSeq: number | null
  /** User ids; null for a mention of all. */
  mentions: (string | null)[]
  /** Attached media items; the caller holds their locks. */
  mediaIds?: string[]
}

/** The numbers that the conversation assigned to a message. */
export interface Numbers {
  id: string
  seq: number
  version: number
  ordinal: number
  sentAt: Date
  /** The conversation after this message. */
  conversation: ConversationRow
}

type NumbersRow = Omit<Numbers, 'conversation'> &
  Pick<ConversationRow, 'kind' | 'deliveryMode' | 'memberCount' | 'createdAt' | 'settingsVersion'> & {
    conversationId: string
  }

function numbersOf({ id, seq, version, ordinal, sentAt, conversationId, ...unchanged }: NumbersRow): Numbers {
  const conversation: ConversationRow = {
    ...unchanged,
    id: conversationId,
    version,
    maxSeq: seq,
    messageCount: ordinal,
    lastActivityAt: sentAt,
  }
  return { id, seq, version, ordinal, sentAt, conversation }
}

// One statement numbers a batch, writes it, moves the senders' read positions and marks the conversations for the
// outbox. Rows are inserted in the order of their keys, and memberships locked in theirs, including those that the
// triggers of active_until write: two transactions with opposite orders would deadlock.
const insertBatch = `
  with entry as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::message_kind[], $7::text[],
                         $8::integer[])
      with ordinality as e (id, conversation_id, sender_id, client_message_id, request_hash, kind, content, quote_seq, place)
  ), base as (
    select id, max_seq, message_count, version, revision, active_until,
           greatest(last_activity_at, date_trunc('milliseconds', clock_timestamp())) as sent_at
    from conversation where id = any($2::text[])
  ), placed as (
    select e.*, b.sent_at,
           (b.max_seq + row_number() over each_conversation)::integer as seq,
           (b.version + row_number() over each_conversation)::integer as version,
           (b.message_count + count(*) filter (where e.kind <> 'SYSTEM') over each_conversation)::integer as ordinal
    from entry e join base b on b.id = e.conversation_id
    window each_conversation as (partition by e.conversation_id order by e.place rows unbounded preceding)
  ), locked as (
    select 1
    from (
      select conversation_id, sender_id as user_id from placed where sender_id is not null
      union
      select b.id, each_member.user_id
      from base b
      cross join lateral (select distinct m.user_id from membership m where m.conversation_id = b.id) each_member
      where b.sent_at > b.active_until
      order by conversation_id, user_id
    ) k
    cross join lateral (
      select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.user_id
      limit 1 for no key update
    ) m
  ), inserted as (
    insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, request_hash, kind,
                         content, quote_seq, sent_at)
    select conversation_id, seq, id, version, ordinal, sender_id, client_message_id, request_hash, kind,
           content::jsonb, quote_seq, sent_at
    from placed order by sender_id, client_message_id
    returning conversation_id, id, seq, version, ordinal, sent_at
  ), grown as (
    update conversation c
    set max_seq = p.seq, version = p.version, message_count = p.ordinal, last_activity_at = p.sent_at
    from (select distinct on (conversation_id) * from placed order by conversation_id, seq desc) p
    where c.id = p.conversation_id
    returning c.id, c.version, c.revision, c.kind, c.delivery_mode, c.member_count, c.created_at
  ), ${marksOf('grown')}, read as (
    update membership m set read_seq = p.seq, read_count = p.ordinal, last_sent_at = p.sent_at
    from (
      select distinct on (conversation_id, sender_id) * from placed
      where sender_id is not null order by conversation_id, sender_id, seq desc
    ) p
    where m.conversation_id = p.conversation_id and m.user_id = p.sender_id and m.read_seq < p.seq
      and (select count(*) from locked) >= 0
  )
  select i.conversation_id as "conversationId", i.id, i.seq, i.version, i.ordinal, i.sent_at as "sentAt", g.kind,
         g.delivery_mode as "deliveryMode", g.member_count as "memberCount", g.created_at as "createdAt",
         g.revision as "settingsVersion"
  from inserted i join grown g on g.id = i.conversation_id`

// The number of a message is found by its id, so that the statement can be sent together with the one that assigns it.
const insertMentions = `
  insert into mention (conversation_id, seq, place, user_id)
  select s.conversation_id, s.seq, k.place, k.user_id
  from unnest($1::text[], $2::integer[], $3::text[]) as k (message_id, place, user_id)
  cross join lateral (select * from message where id = k.message_id limit 1) s`

const insertMedia = `
  insert into message_media (conversation_id, seq, media_id)
  select s.conversation_id, s.seq, k.media_id
  from unnest($1::text[], $2::text[]) as k (message_id, media_id)
  cross join lateral (select * from message where id = k.message_id limit 1) s
  on conflict do nothing`

/** A concurrent transaction stored one of the keys in another conversation; the caller must roll back and start again. */
export class KeyRace extends Error {}

const keyConstraint = 'message_sender_id_client_message_id_key'

/**
 * The only way to store messages. The caller holds the lock of each conversation. The statements are sent at once. Throws
 * KeyRace if a concurrent transaction used one of the keys.
 */
export async function appendMessages(
  { sql, deliver }: ConversationWriter,
  messages: NewMessage[],
): Promise<Map<string, Numbers>> {
  for (const { conversationId } of messages) deliver(conversationId)
  const writing = [
    sql.query<NumbersRow>(insertBatch, [
      messages.map((message) => message.id),
      messages.map((message) => message.conversationId),
      messages.map((message) => message.senderId),
      messages.map((message) => message.clientMessageId),
      messages.map((message) => message.requestHash),
      messages.map((message) => message.kind),
      messages.map((message) => JSON.stringify(message.content)),
      messages.map((message) => message.quoteSeq),
    ]),
    writeMentions(sql, messages),
    writeMedia(sql, messages),
  ] as const
  const [written, ...attached] = await Promise.allSettled(writing)
  if (written.status === 'rejected')
    throw violates(written.reason, keyConstraint) ? new KeyRace() : written.reason
  for (const each of attached) if (each.status === 'rejected') throw each.reason
  return new Map(written.value.map((row) => [row.id, numbersOf(row)]))
}

async function writeMentions(sql: Sql, messages: NewMessage[]): Promise<void> {
  const rows = messages.flatMap(({ id, mentions }) =>
    mentions.map((userId, place) => ({ id, place, userId })),
  )
  if (rows.length === 0) return
  await sql.query(insertMentions, [
    rows.map((row) => row.id),
    rows.map((row) => row.place),
    rows.map((row) => row.userId),
  ])
}

async function writeMedia(sql: Sql, messages: NewMessage[]): Promise<void> {
  const rows = messages.flatMap(({ id, mediaIds = [] }) => mediaIds.map((mediaId) => ({ id, mediaId })))
  if (rows.length === 0) return
  await sql.query(insertMedia, [rows.map((row) => row.id), rows.map((row) => row.mediaId)])
}
