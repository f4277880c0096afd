import { violates } from '../../platform/db/outage.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { ConversationWriter } from '../../transaction.ts'
import { marksOf } from '../marks.ts'
import { type ConversationHead, readHeads } from './head.ts'
import { type NewMessage, type NumberedMessage, numberMessages } from './number.ts'

// One statement writes a batch, moves the senders' read positions and marks the conversations for the outbox. Rows are
// inserted in the order of their keys, and memberships locked in theirs: two transactions with opposite orders would
// deadlock. The messages come first, because the result is read from them: one that waits for a key holds no membership.
const insertBatch = `
  with entry as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::message_kind[], $7::text[],
                         $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::timestamptz[], $13::boolean[],
                         $14::boolean[])
      as e (id, conversation_id, sender_id, client_message_id, request_hash, kind, content, quote_seq, seq, version,
            ordinal, sent_at, is_last, is_last_of_sender)
  ), inserted as (
    insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, request_hash, kind,
                         content, quote_seq, sent_at)
    select conversation_id, seq, id, version, ordinal, sender_id, client_message_id, request_hash, kind,
           content::jsonb, quote_seq, sent_at
    from entry order by sender_id, client_message_id
    returning seq
  ), grown as (
    update conversation c
    set max_seq = e.seq, version = e.version, message_count = e.ordinal, last_activity_at = e.sent_at
    from entry e where e.is_last and c.id = e.conversation_id
    returning c.id, c.version
  ), ${marksOf('grown')}, locked as (
    select 1
    from (select conversation_id, sender_id from entry where is_last_of_sender order by conversation_id, sender_id) k
    cross join lateral (
      select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.sender_id
      limit 1 for no key update
    ) m
  ), read as (
    update membership m set read_seq = e.seq, read_count = e.ordinal, last_sent_at = e.sent_at
    from entry e
    where e.is_last_of_sender and m.conversation_id = e.conversation_id and m.user_id = e.sender_id
      and m.read_seq < e.seq and (select count(*) from locked) >= 0
  )
  select count(*) from inserted`

// The first message of an hour moves active_until of all members by a trigger, so their memberships are locked before it,
// together with those of the senders.
const lockMembers = `
  select 1
  from (
    select conversation_id, user_id from unnest($2::text[], $3::text[]) as s (conversation_id, user_id)
    where user_id is not null
    union
    select k.id, each_member.user_id
    from unnest($1::text[]) as k (id)
    cross join lateral (select distinct m.user_id from membership m where m.conversation_id = k.id) each_member
    order by conversation_id, user_id
  ) k
  cross join lateral (
    select from membership m where m.conversation_id = k.conversation_id and m.user_id = k.user_id
    limit 1 for no key update
  ) m`

const insertMentions = `
  insert into mention (conversation_id, seq, place, user_id)
  select * from unnest($1::text[], $2::integer[], $3::integer[], $4::text[])`

const insertMedia = `
  insert into message_media (conversation_id, seq, media_id)
  select * from unnest($1::text[], $2::integer[], $3::text[])
  on conflict do nothing`

/** A concurrent transaction stored one of the keys in another conversation; the caller must roll back and start again. */
export class KeyRace extends Error {}

const keyConstraint = 'message_sender_id_client_message_id_key'

/** Numbers and stores messages; returns them by id. The caller holds the lock of each conversation. */
export async function appendMessages(
  { sql, deliver }: ConversationWriter,
  messages: NewMessage[],
): Promise<Map<string, NumberedMessage>> {
  for (const { conversationId } of messages) deliver(conversationId)
  const heads = await readHeads(sql, [...new Set(messages.map(({ conversationId }) => conversationId))])
  const numbered = numberMessages(messages, heads)
  await storeMessages(sql, numbered, heads.heads)
  return new Map(numbered.map((message) => [message.id, message]))
}

/**
 * The only way to store messages. The caller holds the lock of each conversation, and numbered the messages from their
 * heads. The statements are sent at once. Throws KeyRace if a concurrent transaction used one of the keys.
 */
export async function storeMessages(
  sql: Sql,
  messages: readonly NumberedMessage[],
  heads: ReadonlyMap<string, ConversationHead>,
): Promise<void> {
  const writing = [
    lockActivated(sql, messages, heads),
    writeRows(sql, messages),
    writeMentions(sql, messages),
    writeMedia(sql, messages),
  ] as const
  const [locked, written, ...attached] = await Promise.allSettled(writing)
  if (written.status === 'rejected' && locked.status === 'fulfilled')
    throw violates(written.reason, keyConstraint) ? new KeyRace() : written.reason
  for (const each of [locked, ...attached]) if (each.status === 'rejected') throw each.reason
}

async function writeRows(sql: Sql, messages: readonly NumberedMessage[]): Promise<void> {
  const lastsOfSenders = new Set(
    new Map(messages.map((message) => [`${message.conversationId} ${message.senderId}`, message])).values(),
  )
  await sql.query(insertBatch, [
    messages.map((message) => message.id),
    messages.map((message) => message.conversationId),
    messages.map((message) => message.senderId),
    messages.map((message) => message.clientMessageId),
    messages.map((message) => message.requestHash),
    messages.map((message) => message.kind),
    messages.map((message) => JSON.stringify(message.content)),
    messages.map((message) => message.quoteSeq),
    messages.map((message) => message.seq),
    messages.map((message) => message.version),
    messages.map((message) => message.ordinal),
    messages.map((message) => message.sentAt.toISOString()),
    messages.map((message) => message.seq === message.conversation.maxSeq),
    messages.map((message) => message.senderId !== null && lastsOfSenders.has(message)),
  ])
}

async function lockActivated(
  sql: Sql,
  messages: readonly NumberedMessage[],
  heads: ReadonlyMap<string, ConversationHead>,
): Promise<void> {
  const activated = new Set<string>()
  for (const { conversationId, sentAt } of messages) {
    const activeUntil = heads.get(conversationId)?.activeUntil
    if (activeUntil && sentAt > activeUntil) activated.add(conversationId)
  }
  if (activated.size === 0) return
  await sql.query(lockMembers, [
    [...activated],
    messages.map((message) => message.conversationId),
    messages.map((message) => message.senderId),
  ])
}

async function writeMentions(sql: Sql, messages: readonly NumberedMessage[]): Promise<void> {
  const rows = messages.flatMap(({ conversationId, seq, mentions }) =>
    mentions.map((userId, place) => ({ conversationId, seq, place, userId })),
  )
  if (rows.length === 0) return
  await sql.query(insertMentions, [
    rows.map((row) => row.conversationId),
    rows.map((row) => row.seq),
    rows.map((row) => row.place),
    rows.map((row) => row.userId),
  ])
}

async function writeMedia(sql: Sql, messages: readonly NumberedMessage[]): Promise<void> {
  const rows = messages.flatMap(({ conversationId, seq, mediaIds = [] }) =>
    mediaIds.map((mediaId) => ({ conversationId, seq, mediaId })),
  )
  if (rows.length === 0) return
  await sql.query(insertMedia, [
    rows.map((row) => row.conversationId),
    rows.map((row) => row.seq),
    rows.map((row) => row.mediaId),
  ])
}
