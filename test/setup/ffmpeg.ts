import { spawnSync } from 'node:child_process'

/** Whether this machine can make films, and so a server on it renditions of them. */
export const hasFfmpeg = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0)
