import pg from 'pg'
import { createTokens } from '../src/auth/tokens.ts'
import { readConfig } from '../src/config.ts'
import { directConversationId } from '../src/conversation/direct.ts'
import { newId } from '../src/platform/ids.ts'
import { authSecret } from './server.ts'

export type DeliveryMode = 'INLINE' | 'BROADCAST' | 'SIGNAL'

/** A user with an access token per device. */
export interface Person {
  userId: string
  accessTokens: string[]
}

export interface Population {
  people(count: number, devices?: number): Promise<Person[]>
  /** A group of them all, owned by the first one. */
  group(people: Person[], mode?: DeliveryMode): Promise<string>
  /** Direct conversations of pairs of friends, ten minutes apart. */
  directs(pairs: [Person, Person][]): Promise<string[]>
  /** Text messages, whose senders take turns, at the end of a conversation. */
  messages(conversationId: string, senders: Person[], count: number): Promise<void>
  checkpoint(): Promise<void>
  /**
   * Gives the planner statistics of what was added. A plan that was made for an empty table reads all of it, until
   * autovacuum has looked at it, up to a minute later.
   */
  analyse(): Promise<void>
  close(): Promise<void>
}

/** Fills the tables directly: registering thousands of users would take minutes. */
export async function openPopulation(connection: pg.ClientConfig): Promise<Population> {
  const client = new pg.Client(connection)
  // When a run is interrupted, the database stops first; its errors are ignored.
  client.on('error', () => {})
  await client.connect()
  const query = async (text: string, params: unknown[]) => void (await client.query(text, params))
  return {
    people: (count, devices = 1) => addPeople(query, count, devices),
    group: (people, mode = modeOf(people.length)) => addGroup(query, people, mode),
    directs: (pairs) => addDirects(query, pairs),
    messages: (conversationId, senders, count) => addMessages(query, conversationId, senders, count),
    checkpoint: () => query('checkpoint', []),
    analyse: () => query('vacuum analyze', []),
    close: () => client.end(),
  }
}

type Query = (text: string, params: unknown[]) => Promise<void>

async function addPeople(query: Query, count: number, devices: number): Promise<Person[]> {
  const userIds = Array.from({ length: count }, newId)
  await query(
    `insert into "user" (id, handle, handle_skeleton, display_name, password_hash)
     select id, lower(id), lower(id), 'Person ' || place, '' from unnest($1::text[]) with ordinality as u (id, place)`,
    [userIds],
  )
  await query('insert into user_stream (user_id) select unnest($1::text[])', [userIds])
  const sessions = userIds.flatMap((userId) =>
    Array.from({ length: devices }, () => ({ userId, sessionId: newId() })),
  )
  await query(
    `insert into session (id, user_id, device_name, platform, token_hash, expires_at)
     select id, user_id, 'Bench', 'OTHER', '', now() + interval '1 day' from unnest($1::text[], $2::text[]) as s (id, user_id)`,
    [sessions.map(({ sessionId }) => sessionId), sessions.map(({ userId }) => userId)],
  )
  const tokens = createTokens([authSecret], readConfig({}))
  const issued = await Promise.all(sessions.map((viewer) => tokens.issueAccess(viewer)))
  return userIds.map((userId, index) => ({
    userId,
    accessTokens: issued.slice(index * devices, (index + 1) * devices).map(({ accessToken }) => accessToken),
  }))
}

/** By the default limits. */
function modeOf(members: number): DeliveryMode {
  if (members > 200) return 'SIGNAL'
  return members > 20 ? 'BROADCAST' : 'INLINE'
}

async function addGroup(query: Query, people: Person[], mode: DeliveryMode): Promise<string> {
  const id = `group_${newId()}`
  const userIds = people.map(({ userId }) => userId)
  await query(
    `with opened as (
       insert into conversation (id, kind, member_count, delivery_mode)
       values ($1, 'GROUP', cardinality($2::text[]), $3::message_delivery_mode)
     ), described as (
       insert into group_conversation (conversation_id, name, owner_id, creator_id)
       values ($1, 'Bench', ($2::text[])[1], ($2::text[])[1])
     ), delivered as (
       insert into delivery (conversation_id, mode) values ($1, $3::message_delivery_mode)
     )
     insert into membership (conversation_id, user_id, role)
     select $1, user_id, (case when user_id = ($2::text[])[1] then 'OWNER' else 'MEMBER' end)::group_role
     from unnest($2::text[]) as p (user_id)`,
    [id, userIds, mode],
  )
  return id
}

async function addDirects(query: Query, pairs: [Person, Person][]): Promise<string[]> {
  const one = pairs.map(([person]) => person.userId)
  const other = pairs.map(([, person]) => person.userId)
  const ids = one.map((userId, index) => directConversationId(userId, other[index] as string))
  const pairings = Array.from({ length: 2 * pairs.length }, newId)
  await query(
    `with opened as (
       insert into conversation (id, kind, member_count, created_at, last_activity_at)
       select id, 'DIRECT', 2, begun_at, begun_at
       from unnest($1::text[]) with ordinality as c (id, place)
       cross join lateral (select now() - place * interval '10 minutes' as begun_at) b
     ), delivered as (
       insert into delivery (conversation_id) select unnest($1::text[])
     ), friends as (
       insert into friendship (id, user_id, friend_id)
       select * from unnest($4::text[], $2::text[] || $3::text[], $3::text[] || $2::text[])
     )
     insert into membership (conversation_id, user_id) select * from unnest($1::text[] || $1::text[], $2::text[] || $3::text[])`,
    [ids, one, other, pairings],
  )
  return ids
}

async function addMessages(
  query: Query,
  conversationId: string,
  senders: Person[],
  count: number,
): Promise<void> {
  await query(
    `with numbered as (
       select c.id, c.max_seq + n as seq, c.message_count + n as ordinal, c.version + n as version, n
       from conversation c, generate_series(1, $3::integer) n where c.id = $1
     ), stored as (
       insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, request_hash, kind,
                            content, sent_at)
       select id, seq, 'msg_' || md5(id || seq), version, ordinal, ($2::text[])[1 + n % cardinality($2::text[])],
              id || seq, '', 'TEXT', jsonb_build_object('body', '周末去爬山吗？ I bring sandwiches and tea. ' || seq), now()
       from numbered
     )
     update conversation set max_seq = max_seq + $3, message_count = message_count + $3, version = version + $3,
            last_activity_at = clock_timestamp()
     where id = $1`,
    [conversationId, senders.map(({ userId }) => userId), count],
  )
}
