import { describe, expect, test } from 'vitest'
import { createsUpload, type Ticket } from '../media/verbs.ts'
import { useAttackedWorld } from './aftermath.ts'
import { chunked, type Ending, each, requestBytes, sendRaw } from './raw.ts'

const world = useAttackedWorld()

const file = Buffer.from('Dear diary, nothing happened today.')
const boundary = 'boundary'
const multipart = `multipart/form-data; boundary=${boundary}`

function formBytes(fields: Ticket['fields']): Buffer {
  const part = (disposition: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`
  return Buffer.from(
    [
      ...fields.map(({ name, value }) => part(`name="${name}"`, value)),
      part('name="file"; filename="note.txt"', file.toString()),
      `--${boundary}--\r\n`,
    ].join(''),
  )
}

const pathOf = ({ url }: Ticket) => new URL(url).pathname + new URL(url).search

async function ticketOf(form: boolean): Promise<Ticket> {
  const ada = await world.person('ada')
  return createsUpload(ada, { filename: 'note.txt', mimeType: 'text/plain', byteSize: file.length, form })
}

interface Attack {
  path: string
  method: string
  headers: Record<string, string>
  body: Buffer
}

const attacks: [string, () => Promise<Attack>][] = [
  [
    'a form without a ticket',
    async () => ({
      path: '/uploads/x',
      method: 'POST',
      headers: { 'content-type': multipart },
      body: formBytes([]),
    }),
  ],
  [
    'a form with a ticket',
    async () => {
      const ticket = await ticketOf(true)
      const body = formBytes(ticket.fields)
      return { path: pathOf(ticket), method: 'POST', headers: { 'content-type': multipart }, body }
    },
  ],
  [
    'a PUT with a ticket',
    async () => {
      const path = pathOf(await ticketOf(false))
      return { path, method: 'PUT', headers: { 'content-type': 'text/plain' }, body: file }
    },
  ],
  [
    'a PUT without a ticket',
    async () => ({
      path: '/uploads/x',
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: file,
    }),
  ],
  [
    'an operation',
    async () => ({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ query: '{ serverInfo { version } }', variables: { a: 'ä😀' } })),
    }),
  ],
  [
    'a GET of an operation with a body',
    async () => ({
      path: '/graphql?query=%7B__typename%7D',
      method: 'GET',
      headers: {},
      body: Buffer.from('a body that no one reads'),
    }),
  ],
  [
    'a GET of a media item with a body',
    async () => ({ path: '/media/x/original', method: 'GET', headers: {}, body: file }),
  ],
  ['a POST to nothing', async () => ({ path: '/nothing', method: 'POST', headers: {}, body: file })],
]

/** The same bytes with a wrong end: one complete by HTTP, and three that break off. */
function endings(attack: Attack, cut: number): [Buffer, Ending][] {
  const { method, path, headers, body } = attack
  const part = body.subarray(0, cut)
  const announced = requestBytes(method, path, { ...headers, 'content-length': String(body.length) }, part)
  const encoded = { ...headers, 'transfer-encoding': 'chunked' }
  return [
    [requestBytes(method, path, encoded, chunked(part)), 'waits'],
    [announced, 'ends'],
    [announced, 'resets'],
  ]
}

describe('a body that breaks off at any byte', () => {
  test.each(attacks)('of %s is answered or its connection ends', async (_what, prepare) => {
    const attack = await prepare()
    const cuts = Array.from({ length: attack.body.length + 1 }, (_, cut) => cut)
    await each(cuts, async (cut) => {
      for (const [bytes, ending] of endings(attack, cut)) {
        const { statuses } = await sendRaw(world.url, bytes, ending)
        if (ending === 'waits') expect(statuses, `cut at ${cut}`).toHaveLength(1)
        for (const status of statuses) expect(status, `cut at ${cut}`).toBeLessThan(500)
      }
    })
    expect((await fetch(`${world.url}/live`)).status).toBe(200)
  })
})
