import { spawnSync } from 'node:child_process'

/** Whether this machine has ffmpeg, so that a server on it can transcode video. */
export const hasFfmpeg = (): boolean =>
  ['ffmpeg', 'ffprobe'].every((program) => spawnSync(program, ['-version']).status === 0)

/** Servers of tests without video: each start would run both programs, which takes longer than the rest of the start. */
export const withoutFfmpeg = { FFMPEG: 'no-such-program' }

export const withFfmpeg = { FFMPEG: 'ffmpeg' }
