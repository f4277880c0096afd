import { execFile } from 'node:child_process'
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { OperatorError } from '../operator-error.ts'
import type { Binaries } from './binaries.ts'
import { type Identity, ownFolder, serverEnv } from './identity.ts'
import { isAlive } from './process.ts'

const run = promisify(execFile)

/** Creates a database cluster in `folder`, or checks that these binaries can run the existing one. */
export async function prepareDataFolder(
  folder: string,
  binaries: Binaries,
  identity: Identity,
): Promise<void> {
  const found = await clusterVersion(folder)
  if (found === undefined) return create(folder, binaries.folder, identity)

  if (found !== binaries.version)
    throw new OperatorError(
      `The data in ${folder} was written by PostgreSQL ${found}; this version of Parlance contains ${binaries.version}.`,
    )
}

export async function clusterVersion(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new OperatorError(
      `The data in ${folder} cannot be read (${message}). Check that this user owns it.`,
    )
  }
}

// Created next to its place and renamed when complete, so that an aborted start leaves no partial cluster.
async function create(folder: string, binaries: string, identity: Identity): Promise<void> {
  const draft = `${folder}.new-${process.pid}`
  try {
    await mkdir(dirname(folder), { recursive: true, mode: 0o711 })
    await removeUnfinished(folder)
    await mkdir(draft, { mode: 0o700 })
    if (identity.uid !== undefined) await chown(draft, identity.uid, identity.gid ?? identity.uid)
    await run(
      join(binaries, 'bin', 'initdb'),
      [
        ...['-D', ownFolder(draft, identity), '--username=postgres', '--auth=trust', '--encoding=UTF8'],
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
      ],
      { ...identity, cwd: draft, env: serverEnv },
    )
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await clusterVersion(folder))) throw explained(error)
  }
}

// Typical causes: no space, no permission, or no account in /etc/passwd for the user id of this process.
function explained(error: unknown): OperatorError {
  const { stderr, message } = error as { stderr?: string; message: string }
  return new OperatorError(`The database could not be created. ${stderr?.trim() || message}`)
}

async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.new-`
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))))
      await rm(join(dirname(folder), name), { recursive: true, force: true })
}
