import { stat } from 'node:fs/promises'

/** User and group of a child process; empty for those of this process. */
export interface Identity {
  uid?: number
  gid?: number
}

// PostgreSQL refuses to run as root. The user id needs no account.
const unprivileged = 65534

/** The identity of PostgreSQL: that of this process or, for root, the owner of the data folder. */
export async function serverIdentity(dataFolder: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const owner = await stat(dataFolder).catch(() => undefined)
  return owner && owner.uid !== 0
    ? { uid: owner.uid, gid: owner.gid }
    : { uid: unprivileged, gid: unprivileged }
}

/**
 * The path of `folder` for a process whose working directory it is. An unprivileged process may not be able to traverse
 * its parents, such as the home of root; on Linux the link to its working directory works.
 */
export function ownFolder(folder: string, identity: Identity): string {
  return identity.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}

/** The environment of PostgreSQL. That of this process contains secrets and is not passed on. */
export const serverEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
