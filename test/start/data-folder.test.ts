import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { start } from './server.ts'

/** A path below a file, where not even root can create a folder. */
async function impossibleFolder(): Promise<string> {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  return join(file, 'data')
}

test.each([
  ['without AUTH_SECRET', {}, 'the auth secret (or set AUTH_SECRET), uploads (or set S3_URL)'],
  ['with AUTH_SECRET', { AUTH_SECRET: 's'.repeat(32) }, 'uploads (or set S3_URL)'],
])(
  'a server %s that cannot write to DATA_DIR says so in one sentence and stops',
  async (_name, env, needs) => {
    const folder = await impossibleFolder()
    const database = await createTestDatabase()
    const server = start({ DATABASE_URL: database.url, DATA_DIR: folder, ...env })
    expect((await server.exited()).code).toBe(1)
    expect(server.output()).toContain(
      `The folder ${folder} is not writable (ENOTDIR). Set DATA_DIR to a writable one; it is needed for ${needs}.`,
    )
    expect(server.output()).not.toMatch(/\n\s+at /)
  },
)
