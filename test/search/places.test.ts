import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { noFilter, type SearchOrder } from '../../src/search/engine/search-index.ts'
import { keyOf } from '../../src/search/postgres/key.ts'
import { tagOf } from '../../src/search/postgres/place.ts'
import { createPostgresIndex } from '../../src/search/postgres/search-index.ts'
import { readQuery } from '../../src/search/text/terms.ts'
import { useWorld } from '../world/world.ts'
import { finds, indexed } from './verbs.ts'

const world = useWorld({ MEILI_URL: '' })

describe('a search in PostgreSQL', () => {
  const length = 6_000

  /** One connection in a transaction, with two conversations of 6,000 messages that all contain the word "meeting". */
  async function twoConversations(): Promise<pg.Pool> {
    const pool = new pg.Pool({ connectionString: world.databaseUrl, max: 1 })
    onTestFinished(() => pool.end())
    await pool.query('begin')
    for (const id of ['mine', 'theirs']) {
      const seqs = Array.from({ length }, (_, index) => index + 1)
      await pool.query(
        `insert into message_search
           (message_id, conversation_id, conversation_key, seq, sender_id, sender_key, kind, sent_at, version, words)
         select $1 || seq, $1, $2, seq, 'alice', 0, 'TEXT', timestamptz '2026-01-01' + seq * interval '1 second', seq,
                format('%1$smeeting %1$s%2$s', tag, seq)::tsvector
         from unnest($3::integer[], $4::text[]) as m (seq, tag)`,
        [id, keyOf(id), seqs, seqs.map((seq) => tagOf(id, seq))],
      )
    }
    // The messages that end the places.
    await pool.query(
      `insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, kind, content, sent_at)
       select conversation_id, seq, message_id, seq, seq, sender_id, message_id, kind, '{}', sent_at
       from message_search where seq % 2048 = 2047`,
    )
    await pool.query('analyze message_search')
    return pool
  }

  const rowsRead = async (pool: pg.Pool): Promise<number> => {
    const { rows } = await pool.query(
      `select (idx_tup_fetch + seq_tup_read)::float8 as read from pg_stat_xact_user_tables where relname = 'message_search'`,
    )
    return rows[0].read
  }

  async function searched(pool: pg.Pool, words: string, order: SearchOrder, from = 1) {
    const scope = { conversationId: 'mine', fromSeq: from, maxSeq: length, activeAt: new Date('2026-02-01') }
    const before = await rowsRead(pool)
    const filter = { ...noFilter, scopes: [scope] }
    const hits = await createPostgresIndex(pool).search({ query: readQuery(words), filter, order }, null, 20)
    return { seqs: hits.map(({ seq }) => seq), read: (await rowsRead(pool)) - before }
  }

  test('reads no message of another conversation, and only the newest of a common word', async () => {
    const pool = await twoConversations()
    const newest = Array.from({ length: 20 }, (_, index) => length - index)
    for (const order of ['RELEVANCE', 'NEWEST_FIRST'] as const) {
      const common = await searched(pool, 'meeting', order)
      expect(common.seqs).toEqual(newest)
      expect(common.read).toBeLessThanOrEqual(2 * 2_048)
    }
    // 1799, 1798 … 1780: beginnings of words, the newest first.
    const { seqs } = await searched(pool, '17', 'RELEVANCE', 18)
    expect(seqs).toEqual(Array.from({ length: 20 }, (_, index) => 1_799 - index))
    expect((await searched(pool, '4321', 'RELEVANCE')).seqs).toEqual([4321])
    expect(await searched(pool, 'absent', 'RELEVANCE')).toEqual({ seqs: [], read: 0 })
    expect((await searched(pool, 'meeting', 'OLDEST_FIRST', 2_100)).seqs[0]).toBe(2_100)
  })

  test('finds words with typos of others, and forgets the words of a recalled and of an edited message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const recalled = await alice.sends(id, 'xanthocarpous fruit')
    const edited = await alice.sends(id, 'quizzacious fruit')
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'xanthocarpuos')).toEqual(['xanthocarpous fruit'])
    expect(await finds(bob, 'zzacious')).toEqual(['quizzacious fruit'])
    await alice.recalls(recalled)
    await alice.edits(edited, 'sweet fruit')
    await indexed(world.databaseUrl)
    const client = new pg.Client({ connectionString: world.databaseUrl })
    await client.connect()
    onTestFinished(() => client.end())
    const { rows } = await client.query(
      `select word from search_word where word in ('xanthocarpous', 'quizzacious', 'sweet') order by word`,
    )
    expect(rows).toEqual([{ word: 'sweet' }])
    expect(await finds(bob, 'swete')).toEqual(['sweet fruit'])
  })
})
