import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { createFolderObjects } from './folder.ts'
import { createS3Objects } from './s3/storage.ts'
import type { MediaObjects } from './storage.ts'

export const mediaFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'media')

/** The stored objects, for commands, which serve no uploads. */
export const openMediaObjects = (config: Config): MediaObjects =>
  config.media.s3 ? createS3Objects(config.media.s3) : createFolderObjects(mediaFolder(config))
