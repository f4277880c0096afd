import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

// As ffprobe it reports an audio stream, as ffmpeg it writes the output file.
const standIn = `for last; do :; done
case "$*" in *-show_entries*) ;; *) echo copied > "\${last#file:}" ;; esac
echo '{"streams":[{"codec_type":"audio"}],"format":{"duration":"1.5"}}'`

const script = (folder: string, work: string) => `#!/bin/sh
if [ "$1" = -version ]; then exit 0; fi
touch ${folder}/begun
while [ -e ${folder}/wait ]; do sleep 0.1; done
${work}
`

/** Stand-ins for ffmpeg and ffprobe that wait until they are resumed. */
export async function pausableStandIn(work = { ffmpeg: standIn, ffprobe: standIn }) {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-probe-'))
  const [ffmpeg, ffprobe] = [join(folder, 'ffmpeg'), join(folder, 'ffprobe')]
  await writeFile(ffmpeg, script(folder, work.ffmpeg), { mode: 0o755 })
  await writeFile(ffprobe, script(folder, work.ffprobe), { mode: 0o755 })
  await writeFile(join(folder, 'wait'), '')
  return {
    settings: { FFMPEG: ffmpeg, FFPROBE: ffprobe },
    started: () => vi.waitFor(() => expect(existsSync(join(folder, 'begun'))).toBe(true), 20_000),
    resume: () => rm(join(folder, 'wait'), { force: true }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The installed ffmpeg and ffprobe, started once they are resumed. */
export const pausableFfmpeg = () =>
  pausableStandIn({ ffmpeg: 'exec ffmpeg "$@"', ffprobe: 'exec ffprobe "$@"' })

/** Bytes that are detected as MP3. */
export const audio = {
  bytes: Buffer.concat([
    Buffer.from('ID3\u0003\0\0\0\0\0\0'),
    Buffer.from([0xff, 0xfb, 0x90, 0x64]),
    Buffer.alloc(500),
  ]),
  filename: 'a.mp3',
  mimeType: 'audio/mpeg',
}
