import { spawnSync } from 'node:child_process'

/** Whether this machine has ffmpeg, so that a server on it can transcode video. */
export const hasFfmpeg = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0)
