import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { createFolderObjects } from '../../../media/storage/folder.ts'
import { openMediaObjects } from '../../../media/storage/open.ts'
import { recordAct } from '../../../moderation/audit.ts'
import { poolSql } from '../../../platform/db/sql.ts'
import { OperatorError } from '../../../platform/operator-error.ts'
import { version } from '../../../server-info/version.ts'
import { withClient } from '../../access/database.ts'
import type { Run } from '../../cli/command.ts'
import type { Output } from '../../cli/output.ts'
import { copyObject, inParallel } from '../../transfer/objects.ts'
import { administer } from '../access.ts'
import { findPerson, named } from '../person.ts'
import { kinds } from './kinds.ts'
import { writeRows } from './write.ts'

/** Writes what is stored about a person into a new folder. */
export const exportPerson: Run = (config, input, output) =>
  administer(config, input, output, async ({ ctx, actor, database }) => {
    const [given, folder = ''] = input.arguments
    const person = await findPerson(ctx, given)
    await createEmpty(folder)
    // Before anything is written, so that no export is without an entry.
    await recordAct(ctx.sql, actor, 'exportUser', person.id)
    const rows = await withClient(database, (client) => writeKinds(client, folder, person.id, output))
    const media = input.switches.has('skip-media')
      ? null
      : await withClient(database, async (client) => {
          const source = openMediaObjects(config)
          const target = createFolderObjects(join(folder, 'media'))
          const counts = { objects: 0, missing: 0 }
          for await (const copied of inParallel(objectsOf(client, person.id), (key) =>
            copyObject(source, target, key),
          )) {
            if (copied === null) counts.missing += 1
            else counts.objects += 1
          }
          return counts
        })
    const summary = { user: named(person), version, rows, media }
    await writeFile(join(folder, 'export.json'), JSON.stringify(summary, null, 2), { mode: 0o600 })
    output.result(
      { folder, ...summary },
      `${folder} has ${Object.values(rows).reduce((sum, count) => sum + count, 0)} rows about ${person.handle}${media ? ` and ${media.objects} uploads` : ''}.`,
    )
    return 0
  })

async function createEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new OperatorError(`${folder} is not empty: name a new folder for each export.`)
}

/** In one transaction, so that all rows are of the same moment. */
async function writeKinds(
  client: pg.Client,
  folder: string,
  userId: string,
  output: Output,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {}
  await client.query('begin isolation level repeatable read read only')
  for (const [name, kind] of Object.entries(kinds)) {
    rows[name] = await writeRows(client, folder, name, kind.rows, userId)
    output.progress(`${name}: ${rows[name]} rows`)
  }
  await client.query('commit')
  return rows
}

async function* objectsOf(client: pg.Client, userId: string): AsyncGenerator<string> {
  const rows = await poolSql(client).query<{ key: string }>(
    'select object_key as key from media where owner_id = $1 and object_key is not null order by id',
    [userId],
  )
  for (const { key } of rows) yield key
}
