import { createWriteStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Config } from '../config.ts'
import { createFolderObjects } from '../media/storage/folder.ts'
import { openMediaObjects } from '../media/storage/open.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { version } from '../server-info/version.ts'
import { reachDatabase } from './access/database.ts'
import type { Input } from './cli/command.ts'
import { bar, type Output } from './cli/output.ts'
import { count, measure, measureFile } from './transfer/checksum.ts'
import { readFacts } from './transfer/facts.ts'
import { type Manifest, type TableFile, writeManifest } from './transfer/manifest.ts'
import { type ListedObject, readList, writeList } from './transfer/media-list.ts'
import { copyObject, inParallel, namedObjects } from './transfer/objects.ts'
import { type Snapshot, withSnapshot } from './transfer/snapshot.ts'
import { type Table, titleOf } from './transfer/tables.ts'

/** Writes a backup into an empty folder, while servers keep running. */
export async function backup(config: Config, input: Input, output: Output): Promise<number> {
  const [folder = ''] = input.arguments
  await createEmpty(folder)
  const database = await reachDatabase(config, output.progress)
  try {
    const createdAt = new Date().toISOString()
    const dumped = await withSnapshot(database, async (snapshot) => {
      const facts = await readFacts(snapshot.sql)
      const tables = await writeTables(snapshot, folder, output)
      await writeList(folder, namedObjects(snapshot.sql))
      return { ...facts, tables }
    })
    const included = config.media.s3 === null || input.switches.has('media')
    const media = await writeMedia(config, folder, included, output)
    await writeManifest(folder, { format: 1, version, createdAt, ...dumped, media })
    output.result(...summary(folder, { createdAt, ...dumped, media }))
    return 0
  } finally {
    await database.close()
  }
}

async function createEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0)
    throw new OperatorError(`${folder} is not empty: name a new folder for each backup.`)
  await mkdir(join(folder, 'tables'), { mode: 0o700 })
}

async function writeTables(snapshot: Snapshot, folder: string, output: Output): Promise<TableFile[]> {
  const files: TableFile[] = []
  for (const table of snapshot.tables)
    files.push(
      await writeTable(snapshot, folder, table, (megabytes) =>
        output.progress(
          `${bar(files.length, snapshot.tables.length, 'tables')}, ${titleOf(table)}: ${megabytes} MB`,
        ),
      ),
    )
  return files
}

async function writeTable(
  { copy }: Snapshot,
  folder: string,
  table: Table,
  progress: (megabytes: number) => void,
): Promise<TableFile> {
  const file = `tables/${titleOf(table)}.copy.gz`
  const read = count((bytes) => progress(Math.round(bytes / 1e6)))
  const written = measure()
  const rows = copy(table)
  const target = createWriteStream(join(folder, file), { mode: 0o600, flush: true })
  await pipeline(rows, read, createGzip({ level: 3 }), written, target)
  return { ...table, rows: rows.rowCount, file, ...written.measured() }
}

/** Copies the bytes after the rows, when no transaction is open; bytes that were deleted meanwhile are counted. */
async function writeMedia(
  config: Config,
  folder: string,
  included: boolean,
  output: Output,
): Promise<Manifest['media']> {
  const source = openMediaObjects(config)
  const target = createFolderObjects(join(folder, 'media'))
  const counts = { objects: 0, bytes: 0, missing: 0 }
  const copy = async (object: ListedObject): Promise<ListedObject> => {
    counts.objects += 1
    counts.bytes += object.bytes
    if (!included) return object
    let sha256: string | undefined
    const copied = await copyObject(source, target, object.key, async (path) => {
      ;({ sha256 } = await measureFile(path))
    })
    if (copied === null) counts.missing += 1
    output.progress(`${counts.objects.toLocaleString('en')} media objects`)
    return sha256 ? { ...object, sha256 } : object
  }
  const list = await writeList(folder, inParallel(readList(folder), copy))
  return { storage: source.description, ...counts, included, list }
}

function summary(folder: string, { createdAt, tables, media, secret }: Omit<Manifest, 'format' | 'version'>) {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0)
  const { objects, included, missing } = media
  const value = { folder, createdAt, rows, bytes, secret, media: { objects, included, missing } }
  return [
    value,
    [
      `The backup in ${folder} is complete: ${rows.toLocaleString('en')} rows in ${Math.ceil(bytes / 1e6)} MB.`,
      included
        ? `It contains ${objects - missing} media objects.`
        : `It lists ${objects} media objects and not their bytes, which stay in ${media.storage}.`,
      ...(missing > 0 ? [`${missing} media objects had no bytes, or were deleted meanwhile.`] : []),
      `Keep the auth secret with it${secret ? ` (fingerprint ${secret})` : ''}: the backup does not contain it.`,
    ].join('\n'),
  ] as const
}
