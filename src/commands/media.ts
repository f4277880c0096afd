import type { Config } from '../config.ts'
import { createFolderObjects } from '../media/storage/folder.ts'
import { mediaFolder } from '../media/storage/open.ts'
import { createS3Objects } from '../media/storage/s3/storage.ts'
import { poolSql } from '../platform/db/sql.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { reachDatabase, withClient } from './access/database.ts'
import type { Input } from './cli/command.ts'
import type { Output } from './cli/output.ts'
import { UsageError } from './cli/parse.ts'
import { copyObject, inParallel, namedObjects } from './transfer/objects.ts'

/** Copies the objects of all media items to the other kind of storage. */
export async function media(config: Config, input: Input, output: Output): Promise<number> {
  const { to } = input.values
  if (to !== 's3' && to !== 'folder') throw new UsageError('--to: required, s3 or folder.')
  if (!config.media.s3) throw new OperatorError('S3_URL: required, with the other settings of the storage.')
  const [folder, s3] = [createFolderObjects(mediaFolder(config)), createS3Objects(config.media.s3)]
  const [from, target] = to === 's3' ? [folder, s3] : [s3, folder]
  const database = await reachDatabase(config, output.progress)
  const counts = { copied: 0, present: 0, missing: 0 }
  try {
    await withClient(database, async (client) => {
      const copies = inParallel(namedObjects(poolSql(client)), async ({ key }) => {
        const copied = await copyObject(from, target, key)
        return copied ?? ((await target.sizeOf(key)) === null ? null : false)
      })
      for await (const copied of copies) {
        if (copied === null) counts.missing += 1
        else if (copied) counts.copied += 1
        else counts.present += 1
        output.progress(text(counts))
      }
    })
  } finally {
    await database.close()
  }
  output.result({ from: from.description, to: target.description, ...counts }, `${text(counts)}.`)
  return 0
}

const text = ({ copied, present, missing }: Record<'copied' | 'present' | 'missing', number>) =>
  `${copied} objects copied, ${present} were there already, ${missing} have no bytes in either`
