import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completes, createsUpload, fetched, sendsBytes } from '../../media/verbs.ts'
import { hasNginx, startNginx } from '../../setup/nginx.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

describe.skipIf(!hasNginx())('behind the shipped nginx configuration', () => {
  let nginx: Awaited<ReturnType<typeof startNginx>>
  beforeAll(async () => {
    nginx = await startNginx(world.url)
  })
  afterAll(() => nginx.close())

  const through = (url: string) => url.replace(world.url, nginx.url)

  test.each([false, true])('an upload of several megabytes succeeds (form: %s)', async (form) => {
    const ada = await world.person('ada')
    const bytes = Buffer.alloc(5_000_000, 'parlance')
    const named = { filename: 'a.bin', mimeType: 'application/octet-stream', byteSize: bytes.length, form }
    const ticket = await createsUpload(ada, named)
    expect((await sendsBytes({ ...ticket, url: through(ticket.url) }, bytes)).status).toBe(204)
    const media = await completes(ada, ticket.media.id)
    expect((await fetched(through(media.url ?? ''))).bytes.equals(bytes)).toBe(true)
  })

  test('a refused upload gets the answer of the server, not of nginx', async () => {
    const answer = await fetch(`${nginx.url}/uploads/none`, { method: 'PUT', body: Buffer.alloc(1_000_000) })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toContain('application/json')
  })

  test('a GraphQL request above the size limit is refused', async () => {
    const body = JSON.stringify({ query: '{ __typename }', operationName: 'x'.repeat(300_000) })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${nginx.url}/graphql`, { method: 'POST', headers, body })).status).toBe(413)
  })
})
