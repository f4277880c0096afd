import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { createsUpload, fetched, sendsBytes, uploads } from '../verbs.ts'

const world = useWorld()
const bytes = Buffer.from('a note')
const note = { filename: 'note.txt', mimeType: 'text/plain', byteSize: bytes.length }

test('a missing media folder is INTERNAL rather than a database outage, and missing bytes are NOT_FOUND', async () => {
  const ada = await world.person('ada')
  const { url } = await uploads(ada, { bytes, filename: 'note.txt', mimeType: 'text/plain' })
  const ticket = await createsUpload(ada, note)

  const folder = join(world.dataDir, 'media')
  await rm(folder, { recursive: true })
  expect((await fetched(url)).status).toBe(404)

  await symlink(join(world.dataDir, 'unmounted', 'volume'), folder)
  const answer = await sendsBytes(ticket, bytes)
  const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] }
  expect([answer.status, errors[0]?.extensions.code]).toEqual([500, 'INTERNAL'])
})
