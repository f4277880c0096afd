import { statfs } from 'node:fs/promises'
import { configuredFingerprints } from '../../auth/secret.ts'
import { findFfmpeg } from '../../media/processing/ffmpeg.ts'
import { requireWritableFolder, usesOfDataDir } from '../../platform/files/writable-folder.ts'
import { type Check, error, type Found, type ServiceParts, warning } from './finding.ts'

export const ffmpeg: Check<ServiceParts> = async ({ config: { media } }) => {
  if (await findFfmpeg(media.ffmpeg, media.ffprobe, 1)) return []
  return [
    warning(
      `${media.ffmpeg} or ${media.ffprobe} does not run, so video and audio are served as uploaded.`,
      'Install ffmpeg, or set FFMPEG and FFPROBE to its programs.',
    ),
  ]
}

const freeMin = 1_073_741_824

/** Rights and free space of DATA_DIR, if something is stored there. */
export const dataFolder: Check<ServiceParts> = async ({ config }) => {
  const uses = usesOfDataDir(config)
  if (uses.length === 0) return []
  try {
    await requireWritableFolder(config.dataDir, uses)
  } catch (fault) {
    return [error((fault as Error).message, 'Give the folder to the user of the server.')]
  }
  const { bavail, bsize } = await statfs(config.dataDir)
  return judgeSpace(config.dataDir, bavail * bsize)
}

export const judgeSpace = (folder: string, freeBytes: number): Found[] =>
  freeBytes >= freeMin
    ? []
    : [
        warning(
          `The disk of ${folder} has less than 1 GiB left.`,
          'Free space, or move the data: a full disk makes every write UNAVAILABLE.',
        ),
      ]

/** Whether a server with these settings would accept the sessions of the database. */
export const secret: Check = async ({ config, sql }) => {
  const [row] = await sql.query<{ fingerprint: string }>('select fingerprint from auth_secret')
  if (!row || config.authSecretReplaces === row.fingerprint) return []
  if ((await configuredFingerprints(config)).includes(row.fingerprint)) return []
  return [
    error(
      `The auth secret is not the one that the database is used with (fingerprint ${row.fingerprint}), so servers do not start.`,
      'Set AUTH_SECRET, or the file auth-secret in DATA_DIR, to that secret.',
    ),
  ]
}
