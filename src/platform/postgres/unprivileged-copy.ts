import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Copies a folder, once, to a place where every user can read and execute it, and only this user can write. */
export async function copyForUnprivileged(
  folder: string,
  base: string,
  name: string,
  finish: (copy: string) => Promise<void>,
): Promise<string> {
  const parent = await ownFolderIn(base)
  const target = join(parent, name)
  const copy = join(target, basename(folder))
  if (await lstat(target).catch(() => undefined)) return copy

  const draft = await mkdtemp(join(parent, 'draft-'))
  try {
    const draftCopy = join(draft, basename(folder))
    await cp(folder, draftCopy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'),
    })
    await finish(draftCopy)
    await openToAll(draft)
    await rename(draft, target).catch((error: NodeJS.ErrnoException) => {
      // Another process has finished the same copy.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return copy
}

// Others can write to the base too; what they put there must not be executed.
async function ownFolderIn(base: string): Promise<string> {
  const uid = process.getuid?.()
  const folder = join(base, `parlance-${uid}`)
  await mkdir(folder).then(
    () => chmod(folder, 0o755),
    () => {},
  )
  const found = await lstat(folder)
  if (!found.isDirectory() || found.uid !== uid || found.mode & 0o022)
    throw new Error(`${folder} is writable by other users`)
  return folder
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isSymbolicLink()) continue
    const { mode } = await lstat(path)
    await chmod(path, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644)
  }
}
