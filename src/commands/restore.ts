import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { configuredFingerprints } from '../auth/secret.ts'
import type { Config } from '../config.ts'
import { createFolderObjects } from '../media/storage/folder.ts'
import { openMediaObjects } from '../media/storage/open.ts'
import { checksumsOf } from '../platform/db/applied-migrations.ts'
import { migrationsFolder } from '../platform/db/database.ts'
import { readMigrations } from '../platform/db/migrate.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { version } from '../server-info/version.ts'
import { reachAlone } from './access/database.ts'
import type { Input } from './cli/command.ts'
import { bar, type Output } from './cli/output.ts'
import { type Measured, measureFile } from './transfer/checksum.ts'
import { loadTables, requireEmpty, type Source } from './transfer/load.ts'
import { damaged, type Manifest, readManifest } from './transfer/manifest.ts'
import { listFile, readList } from './transfer/media-list.ts'
import { copyObject, inParallel } from './transfer/objects.ts'
import { titleOf } from './transfer/tables.ts'
import { migrateDatabase } from './transfer/target.ts'

/** Restores a backup into an empty database. Everything is checked before anything is written. */
export async function restore(config: Config, input: Input, output: Output): Promise<number> {
  const [folder = ''] = input.arguments
  const manifest = await readManifest(folder)
  await requireSameVersion(folder, manifest)
  await requireSameSecret(config, manifest)
  await verify(folder, manifest, output)
  const database = await reachAlone(config, output.progress, { mayCreate: true })
  try {
    await requireEmpty(database)
    await migrateDatabase(config, database)
    const missing = await restoreMedia(config, folder, manifest, output)
    const { rows } = await loadTables(database, sourceIn(folder, manifest), (table, done, all) =>
      output.progress(`${bar(done, all, 'tables')}, ${table}`),
    )
    const media = { objects: manifest.media.objects, missing }
    output.result({ rows, media, createdAt: manifest.createdAt }, summary(manifest, rows, missing))
    return 0
  } finally {
    await database.close()
  }
}

async function requireSameVersion(folder: string, manifest: Manifest): Promise<void> {
  if (manifest.version !== version)
    throw new OperatorError(
      `The backup in ${folder} was made by Parlance ${manifest.version}, and this is ${version}: restore it with ${manifest.version}, and update afterwards.`,
    )
  const { migrationDirectories } = await readMigrations(migrationsFolder)
  const own = new Map(
    migrationDirectories.map(({ path, migrationFile }) => [path, checksumsOf(migrationFile)]),
  )
  const isSame =
    own.size === manifest.migrations.length &&
    manifest.migrations.every(({ name, checksum }) => own.get(name)?.includes(checksum))
  if (!isSame)
    throw new OperatorError(
      `The backup in ${folder} has other migrations than this version (its latest is ${manifest.migrations.at(-1)?.name}): restore it with the version that made it, and update afterwards.`,
    )
}

async function requireSameSecret(config: Config, { secret }: Manifest): Promise<void> {
  if (secret === null || config.authSecretReplaces === secret) return
  if ((await configuredFingerprints(config)).includes(secret)) return
  throw new OperatorError(
    `The backup was made with another auth secret (fingerprint ${secret}): set that secret, or set AUTH_SECRET_REPLACES=${secret} to restore with a new one, which ends all sessions.`,
  )
}

async function verify(folder: string, manifest: Manifest, output: Output): Promise<void> {
  const files = [
    ...manifest.tables.map((table) => [join(folder, table.file), table] as const),
    [listFile(folder), manifest.media.list] as const,
  ]
  for (const [index, [path, expected]] of files.entries()) {
    output.progress(bar(index, files.length, 'files verified'))
    await requireSame(path, expected)
  }
  if (!manifest.media.included) return
  const objects = createFolderObjects(join(folder, 'media'))
  let count = 0
  const check = ({ key, sha256 }: { key: string; sha256?: string }) =>
    sha256 ? objects.withFile(key, (path) => requireSame(path, { sha256 })) : Promise.resolve()
  for await (const _ of inParallel(readList(folder), check))
    output.progress(bar(++count, manifest.media.objects, 'media objects verified'))
}

async function requireSame(path: string, expected: Partial<Measured>): Promise<void> {
  const found = await measureFile(path).catch((error: unknown) => {
    throw new OperatorError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  })
  if (found.sha256 !== expected.sha256) throw damaged(path)
}

/** Puts the bytes into the configured storage. Returns how many objects neither it nor the backup has. */
async function restoreMedia(
  config: Config,
  folder: string,
  { media }: Manifest,
  output: Output,
): Promise<number> {
  const source = createFolderObjects(join(folder, 'media'))
  const target = openMediaObjects(config)
  const put = async ({ key }: { key: string }) => {
    const copied = media.included && (await copyObject(source, target, key)) !== null
    return copied || (await target.sizeOf(key)) !== null
  }
  let [count, missing] = [0, 0]
  for await (const exists of inParallel(readList(folder), put)) {
    if (!exists) missing += 1
    output.progress(bar(++count, media.objects, 'media objects'))
  }
  return missing
}

const sourceIn =
  (folder: string, manifest: Manifest): Source =>
  async (wanted) => {
    const file = manifest.tables.find((table) => titleOf(table) === titleOf(wanted))
    if (!file) return null
    if (file.columns.join() !== wanted.columns.join())
      throw new OperatorError(`${wanted.name} has other columns in the backup than in this version.`)
    const stream = createGunzip()
    // A read error fails the stream that is read.
    pipeline(createReadStream(join(folder, file.file)), stream).catch(() => {})
    return { stream, rows: () => file.rows }
  }

function summary(manifest: Manifest, rows: number, missing: number): string {
  return [
    `The backup of ${manifest.createdAt} is restored: ${rows.toLocaleString('en')} rows.`,
    ...(missing > 0 ? [`${missing} media objects have no bytes; parlance doctor names them.`] : []),
    'The first server that starts indexes all messages for search again.',
  ].join('\n')
}
