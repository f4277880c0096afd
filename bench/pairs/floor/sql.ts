/** Tables of their own, with a conversation of `a<n>` and `b<n>` for each pair. */
export const floorTables = (pairs: number) => `
  drop schema if exists floor cascade;
  create schema floor;
  create table floor.conversation (id text primary key, seq integer not null) with (fillfactor = 80);
  create table floor.message (
    conversation_id text not null, seq integer not null, sender text not null, key text not null, content jsonb not null,
    sent_at timestamptz not null, primary key (conversation_id, seq), unique (sender, key)
  );
  create table floor.member (conversation_id text, user_id text, primary key (conversation_id, user_id));
  create index on floor.member (user_id);
  create table floor.stream (
    user_id text primary key, seq integer not null, messages_of text, messages_seq integer
  ) with (fillfactor = 70);
  insert into floor.conversation select 'c' || n, 0 from generate_series(0, ${pairs - 1}) n;
  insert into floor.member
    select 'c' || n, side || n from generate_series(0, ${pairs - 1}) n, unnest('{a,b}'::text[]) side;
  insert into floor.stream select user_id, 0 from floor.member;`

export const statements = {
  begin: 'begin',
  lock: 'select id, seq from floor.conversation where id = any($1) order by id for no key update',
  keys: `select m.key as id, m.seq from unnest($1::text[], $2::text[]) as k (sender, key)
    join floor.message m on m.sender = k.sender and m.key = k.key`,
  members: 'select user_id as id, 0 as seq from floor.member where conversation_id = any($1)',
  insert: `insert into floor.message (conversation_id, seq, sender, key, content, sent_at)
    select *, clock_timestamp() from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::jsonb[])`,
  grow: `update floor.conversation c set seq = k.seq
    from unnest($1::text[], $2::integer[]) as k (id, seq) where c.id = k.id`,
  number: `with locked as (
      select user_id, seq from floor.stream where user_id = any($1) order by user_id for update
    )
    update floor.stream s set seq = l.seq + 1, messages_of = m.conversation_id, messages_seq = l.seq + 1
    from locked l join floor.member m using (user_id)
    where s.user_id = l.user_id and m.conversation_id = any($2)`,
  commit: 'commit',
}
