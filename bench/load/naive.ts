import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { answer } from '../answer.ts'
import type { Round } from '../report.ts'

// The floor of sends: one transaction per message, and nothing else that costs time.

const text = (name: string, sql: string) => ({ name, text: sql })

const begin = text('begin', 'begin')
const number = text(
  'number',
  'update naive.conversation set max_seq = max_seq + 1 where id = $1 returning max_seq',
)
const insert = text(
  'insert',
  'insert into naive.message (conversation_id, seq, sender_id, client_message_id, content) values ($1, $2, $3, $4, $5)',
)
const member = text(
  'member',
  'select read_seq from naive.membership where conversation_id = $1 and user_id = $2',
)
const commit = text('commit', 'commit')

const tables = `
  drop schema if exists naive cascade;
  create schema naive;
  create table naive.conversation (id text primary key, max_seq integer not null default 0) with (fillfactor = 80);
  create table naive.membership (
    conversation_id text not null, user_id text not null, read_seq integer not null default 0,
    primary key (conversation_id, user_id)
  );
  create table naive.message (
    conversation_id text not null, seq integer not null, sender_id text not null, client_message_id text not null,
    content jsonb not null, sent_at timestamptz not null default now(),
    primary key (conversation_id, seq), unique (sender_id, client_message_id)
  );
  insert into naive.conversation (id) select 'conversation ' || n from generate_series(0, 999) n;
  insert into naive.membership (conversation_id, user_id)
    select 'conversation ' || n, 'person ' || p from generate_series(0, 999) n, generate_series(0, 15) p`

const content = JSON.stringify({
  text: '周末去爬山吗？ I will bring sandwiches and tea, carol takes the pictures. See you at nine 🍁',
})

let clients: pg.Client[] = []
let nextKey = 0

async function send(client: pg.Client, userId: string, conversations: number): Promise<void> {
  const key = nextKey++
  const conversationId = `conversation ${key % conversations}`
  await client.query(begin)
  const { rows } = await client.query<{ max_seq: number }>({ ...number, values: [conversationId] })
  await client.query({ ...member, values: [conversationId, userId] })
  await client.query({ ...insert, values: [conversationId, rows[0]?.max_seq, userId, String(key), content] })
  await client.query(commit)
}

const handlers = {
  async open({ connection, count }: { connection: pg.ClientConfig; count: number }) {
    clients = Array.from({ length: count }, () => new pg.Client(connection))
    // When a run is interrupted, the database stops first; its errors are ignored.
    for (const client of clients) client.on('error', () => {})
    await Promise.all(clients.map((client) => client.connect()))
    await clients[0]?.query(tables)
  },
  async drive({
    conversations,
    warmUpMs,
    ms,
  }: {
    conversations: number
    warmUpMs: number
    ms: number
  }): Promise<Round> {
    let going = true
    let count = 0
    const workers = clients.map(async (client, index) => {
      for (; going; count += 1) await send(client, `person ${index}`, conversations)
    })
    await pause(warmUpMs)
    const [since, before] = [performance.now(), count]
    await pause(ms)
    const done = { count: count - before, seconds: (performance.now() - since) / 1000 }
    going = false
    await Promise.all(workers)
    return { ...done, total: count }
  },
  /** CPU time so far, in microseconds: this process takes the place of the server. */
  cpu() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  async close() {
    await clients[0]?.query('drop schema naive cascade')
    await Promise.all(clients.map((client) => client.end()))
  },
}

export type NaiveHandlers = typeof handlers

answer(handlers)
