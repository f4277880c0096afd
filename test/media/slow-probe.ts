import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'

const script = (folder: string) => `#!/bin/sh
if [ "$1" = -version ]; then exit 0; fi
touch ${folder}/begun
while [ -e ${folder}/wait ]; do sleep 0.1; done
echo '{"streams":[{"codec_type":"audio"}],"format":{"duration":"1.5"}}'
`

/** Stands in for ffmpeg and ffprobe: it says that it has begun with a sound, and goes on once it may. */
export async function slowProbe() {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-probe-'))
  const program = join(folder, 'probe')
  await writeFile(program, script(folder), { mode: 0o755 })
  await writeFile(join(folder, 'wait'), '')
  return {
    settings: { FFMPEG: program, FFPROBE: program },
    begins: () => vi.waitFor(() => expect(existsSync(join(folder, 'begun'))).toBe(true), 20_000),
    mayGoOn: () => rm(join(folder, 'wait'), { force: true }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What any program takes for the beginning of an MP3. */
export const sound = {
  bytes: Buffer.concat([
    Buffer.from('ID3\u0003\0\0\0\0\0\0'),
    Buffer.from([0xff, 0xfb, 0x90, 0x64]),
    Buffer.alloc(500),
  ]),
  filename: 'a.mp3',
  mimeType: 'audio/mpeg',
}
