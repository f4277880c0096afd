import { stat } from 'node:fs/promises'

/** Whom a child process runs as; empty for "as we do". */
export interface Identity {
  uid?: number
  gid?: number
}

// PostgreSQL refuses to run as root. No account has to exist for the number that it runs as instead.
const unprivileged = 65534

/** Whom PostgreSQL runs as: ourselves or, when we are root, whoever owns the data already. */
export async function serverIdentity(dataFolder: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return {}
  const owner = await stat(dataFolder).catch(() => undefined)
  return owner && owner.uid !== 0
    ? { uid: owner.uid, gid: owner.gid }
    : { uid: unprivileged, gid: unprivileged }
}

/**
 * How a process that runs in `folder` names it. An unprivileged one may not be able to walk there, such as into
 * root's home; Linux lets it through the link to its own working directory.
 */
export function ownFolder(folder: string, identity: Identity): string {
  return identity.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}

/** All that PostgreSQL is told of our environment, which holds secrets. */
export const serverEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
