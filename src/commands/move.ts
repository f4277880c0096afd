import type { Config } from '../config.ts'
import { movedFile, writeMoved } from '../platform/postgres/moved.ts'
import { locked, reachAlone, reachUrl } from './access/database.ts'
import type { Input } from './cli/command.ts'
import { bar, type Output } from './cli/output.ts'
import { UsageError } from './cli/parse.ts'
import { loadTables, requireEmpty } from './transfer/load.ts'
import { withSnapshot } from './transfer/snapshot.ts'
import { titleOf } from './transfer/tables.ts'
import { migrateDatabase } from './transfer/target.ts'

/** Copies every row into another, empty database, and marks the embedded one as moved. */
export async function move(config: Config, input: Input, output: Output): Promise<number> {
  const { to: url } = input.values
  if (!url || !/^postgres(ql)?:/.test(url) || !URL.canParse(url))
    throw new UsageError('--to DATABASE_URL: required, a URL that begins with postgresql://.')
  const source = await reachAlone(config, output.progress)
  try {
    const target = await locked(reachUrl(url))
    try {
      await requireEmpty(target)
      await migrateDatabase(config, source)
      await migrateDatabase(config, target)
      const { rows } = await withSnapshot(source, ({ tables, copy }) =>
        loadTables(
          target,
          async (wanted) => {
            const table = tables.find((one) => titleOf(one) === titleOf(wanted))
            if (!table) return null
            const stream = copy({ ...table, columns: wanted.columns })
            return { stream, rows: () => stream.rowCount }
          },
          (table, done, all) => output.progress(`${bar(done, all, 'tables')}, ${table}`),
        ),
      )
      if (!config.databaseUrl) await writeMoved(config.dataDir, target.description)
      output.result(
        { rows, from: source.description, to: target.description },
        summary(config, rows, target.description),
      )
      return 0
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

function summary({ databaseUrl, dataDir, media }: Config, rows: number, target: string): string {
  return [
    `${rows.toLocaleString('en')} rows are now in ${target}: set DATABASE_URL to it and start the servers.`,
    ...(media.s3
      ? []
      : [`Keep ${dataDir}: it contains the uploads, and the auth secret unless AUTH_SECRET is set.`]),
    ...(databaseUrl
      ? []
      : [
          `The embedded database is kept, and no server starts on it unless ${movedFile(dataDir)} is removed.`,
        ]),
    'The first server that starts indexes all messages for search again.',
  ].join('\n')
}
