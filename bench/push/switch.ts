import pg from 'pg'

export interface PushSwitch {
  /** Registers a push device for every user without one. */
  registerAll(): Promise<void>
  /** Removes what the previous round left. */
  turn(which: 'on' | 'off'): Promise<void>
  close(): Promise<void>
}

/** Push is on while its topic exists: without it, there are no marks and the worker has nothing to do. */
export async function openPushSwitch(connection: pg.ClientConfig): Promise<PushSwitch> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  return {
    async registerAll() {
      await client.query(
        `insert into push_device (id, user_id, session_id, provider, token, token_hash, locale)
         select distinct on (s.user_id) s.id, s.user_id, s.id, 'WEBHOOK', s.id, s.id, 'en' from session s
         where not exists (select from push_device d where d.user_id = s.user_id)`,
      )
    },
    async turn(which) {
      await client.query(
        which === 'on'
          ? `insert into outbox_topic (name, after_delivery) values ('push', true) on conflict do nothing`
          : `delete from outbox_topic where name = 'push'`,
      )
      await client.query(`delete from outbox_mark where topic = 'push'`)
      await client.query('delete from push_attempt')
      // Marks everything as processed; otherwise it would count as recent for an hour.
      await client.query(
        `insert into push_progress (conversation_id, version, seq) select id, version, max_seq from conversation
         on conflict (conversation_id) do update set version = excluded.version, seq = excluded.seq`,
      )
      await client.query('vacuum analyze push_attempt, push_progress, outbox_mark')
    },
    close: () => client.end(),
  }
}
