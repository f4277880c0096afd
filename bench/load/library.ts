import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/sql.ts'
import { newId } from '../../src/platform/ids.ts'

/** Queries: frequent, rare, several words, other scripts, a prefix, a typo. */
export const searchQueries = [
  'meeting',
  'quarterly report',
  'zambito',
  'database backup',
  '会议',
  '数据库备份',
  '東京タワー',
  '비밀번호',
  'repor',
  'meetnig',
]

const folder = join(import.meta.dirname, '../../test/search/golden/messages')
const syllables = [
  'za',
  'mbi',
  'to',
  'ker',
  'lo',
  'fan',
  'dru',
  'si',
  'pel',
  'ona',
  'vit',
  'ga',
  'mur',
  'he',
  'tas',
  'qui',
]

/** Realistic sentences, each with some rare words. */
function createLibrary(): () => string {
  const sentences = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean),
  )
  let state = 42
  const random = (below: number) => {
    // A fixed sequence: every run has the same messages.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const word = () => Array.from({ length: 3 }, () => syllables[random(syllables.length)]).join('')
  return () => `${sentences[random(sentences.length)]} ${word()} ${word()} ${random(100_000)}`
}

const batch = 20

/** Writes messages into each conversation directly in the database. */
export async function addMessages(sql: Sql, ids: string[], senderId: string, each: number): Promise<void> {
  const write = createLibrary()
  for (let from = 0; from < ids.length; from += batch) {
    const some = ids.slice(from, from + batch)
    const rows = some.flatMap((id) => Array.from({ length: each }, (_, index) => ({ id, seq: index + 1 })))
    await sql.query(
      `insert into message (conversation_id, seq, id, version, ordinal, sender_id, client_message_id, kind, content, sent_at)
       select conversation_id, seq, id, seq, seq, $4, id, 'TEXT', jsonb_build_object('body', body),
              now() - interval '1 minute' * ($6 - seq)
       from unnest($1::text[], $2::integer[], $3::text[], $5::text[]) as m (conversation_id, seq, id, body)`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.seq),
        rows.map(newId),
        senderId,
        rows.map(write),
        each,
      ],
    )
    await sql.query(
      'update conversation set max_seq = $2, version = $2, message_count = $2 where id = any($1)',
      [some, each],
    )
  }
}
