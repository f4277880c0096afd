import pg from 'pg'

/** Inserts users directly, because thousands of registrations take minutes. Their ids sort before all others. */
export async function addCrowd(
  databaseUrl: string,
  crowd: { count: number; name: string; groupId?: string },
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string }>(
      `with people as (
         insert into "user" (id, handle, handle_skeleton, display_name, password_hash)
         select '00' || md5($2 || place), 'crowd' || md5($2 || place), 'crowd' || md5($2 || place), $2 || ' ' || place, ''
         from generate_series(1, $1::integer) place
         returning id
       ), streams as (
         insert into user_stream (user_id) select id from people
       )
       select id from people`,
      [crowd.count, crowd.name],
    )
    const ids = rows.map((row) => row.id)
    if (crowd.groupId) await joinCrowd(client, crowd.groupId, ids)
    return ids
  } finally {
    await client.end()
  }
}

async function joinCrowd(client: pg.Client, groupId: string, ids: string[]): Promise<void> {
  await client.query(
    `with resized as (
       update conversation set member_count = member_count + cardinality($2::text[]), delivery_mode = 'SIGNAL'
       where id = $1 returning id
     ), delivered as (
       update delivery set mode = 'SIGNAL' where conversation_id = $1
     )
     insert into membership (conversation_id, user_id, role) select resized.id, unnest($2::text[]), 'MEMBER' from resized`,
    [groupId, ids],
  )
}
