import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type pg from 'pg'

const batch = 500

/** Writes the rows of a query as JSON lines, a batch at a time, and returns their number. */
export async function writeRows(
  client: pg.Client,
  folder: string,
  name: string,
  query: string,
  userId: string,
): Promise<number> {
  const file = createWriteStream(join(folder, `${name}.jsonl`), { mode: 0o600 })
  await client.query(
    `declare export no scroll cursor for select row_to_json(r)::text as line from (${query}) r`,
    [userId],
  )
  let rows = 0
  for (;;) {
    const { rows: lines } = await client.query<{ line: string }>(`fetch ${batch} from export`)
    if (lines.length === 0) break
    rows += lines.length
    const text = lines.map(({ line }) => `${line}\n`).join('')
    if (!file.write(text)) await once(file, 'drain')
  }
  await client.query('close export')
  file.end()
  await finished(file)
  return rows
}
