import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { looksAt, uploads } from '../media/verbs.ts'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { signsUp } from './attempts.ts'
import { mortalServer } from './mortal-server.ts'

/** Stands in for ffprobe: it says that it has begun, and goes on once it may. */
const slowProbe = (folder: string) => `#!/bin/sh
if [ "$1" = -version ]; then exit 0; fi
touch ${folder}/begun
while [ -e ${folder}/wait ]; do sleep 0.1; done
echo '{"streams":[{"codec_type":"audio"}],"format":{"duration":"1.5"}}'
`

test('what was being processed when the server was killed is processed afterwards', {
  timeout: 120_000,
}, async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const folder = await temporaryFolder()
  const [program, begun, wait] = [join(folder, 'probe'), join(folder, 'begun'), join(folder, 'wait')]
  await writeFile(program, slowProbe(folder), { mode: 0o755 })
  await writeFile(wait, '')
  const server = await mortalServer({
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    AUTH_SECRET: 'a secret for tests that is long enough',
    FFMPEG: program,
    FFPROBE: program,
  })
  const ada = await signsUp(server.url, 'ada')
  const bytes = Buffer.concat([
    Buffer.from('ID3\u0003\0\0\0\0\0\0'),
    Buffer.from([0xff, 0xfb, 0x90, 0x64]),
    Buffer.alloc(500),
  ])
  const { id, status } = await uploads(ada, { bytes, filename: 'a.mp3', mimeType: 'audio/mpeg' })
  expect(status).toBe('PROCESSING')
  await vi.waitFor(() => expect(existsSync(begun)).toBe(true), 20_000)
  await server.dies()
  await rm(wait)

  await server.comesBack()
  expect(await looksAt(ada, id)).toMatchObject({ status: 'PROCESSING' })
  await vi.waitFor(async () => expect((await looksAt(ada, id))?.status).toBe('READY'), {
    timeout: 90_000,
    interval: 500,
  })
  expect(await looksAt(ada, id)).toMatchObject({ durationMs: 1500 })
})
