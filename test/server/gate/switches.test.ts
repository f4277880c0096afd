import { buildASTSchema, getIntrospectionQuery, parse, validateSchema } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, Wire } from '../wire.ts'

const visible = useWorld({ GRAPHIQL: 'on', WEB_APP: 'off' })
const hidden = useWorld({ INTROSPECTION: 'off', WEB_APP: 'off' })

const tokens = new Map<object, string>()
beforeAll(async () => {
  for (const world of [visible, hidden])
    tokens.set(world, (await world.person('alice')).credentials.accessToken)
})
const bearer = (world: object) => ({ authorization: `Bearer ${tokens.get(world)}` })

describe('GRAPHIQL', () => {
  const html = { headers: { accept: 'text/html,*/*;q=0.8' } }

  test('on serves the page at /graphql, to which / redirects without the web app', async () => {
    const page = await fetchPath(visible.url, '/graphql', html)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const root = await fetchPath(visible.url, '/', html)
    expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql'])
  })

  test('off, the default with DATABASE_URL, serves neither the page nor its files', async () => {
    const page = await fetchPath(hidden.url, '/graphql', html)
    expect([page.status, codesOf(page)]).toEqual([400, ['INVALID_INPUT']])
    expect((await fetchPath(hidden.url, '/', html)).status).toBe(404)
    const [script = ''] =
      (await fetchPath(visible.url, '/graphql', html)).text.match(/graphql\/assets\/\w+\/start.js/) ?? []
    expect((await fetchPath(visible.url, `/${script}`)).status).toBe(200)
    expect((await fetchPath(hidden.url, `/${script}`)).status).toBe(404)
    expect((await ask(hidden.url, '{ __typename }')).body.data).toEqual({ __typename: 'Query' })
  })

  test('is on by default with the embedded database', () => {
    const graphiql = (env: Record<string, string>) => readConfig(env).graphiql
    const DATABASE_URL = 'postgresql://db/chat'
    expect([graphiql({}), graphiql({ GRAPHIQL: 'off' })]).toEqual([true, false])
    expect([graphiql({ DATABASE_URL }), graphiql({ DATABASE_URL, GRAPHIQL: 'on' })]).toEqual([false, true])
  })
})

describe('INTROSPECTION', () => {
  const introspections = [
    ['the query of GraphiQL', getIntrospectionQuery()],
    ['__type', '{ __type(name: "Me") { name } }'],
    ['__schema in a fragment', '{ ...f } fragment f on Query { __schema { queryType { name } } }'],
  ]

  test.each(introspections)('on answers %s of signed-in users', async (_what, query = '') => {
    expect(codesOf(await ask(visible.url, query, tokens.get(visible)))).toBeUndefined()
    expect(codesOf(await ask(visible.url, query))).toEqual(['UNAUTHENTICATED'])
  })

  test.each(introspections)(
    'off refuses %s with INTROSPECTION_DISABLED, over HTTP and a socket',
    async (_what, query = '') => {
      expect(codesOf(await ask(hidden.url, query, tokens.get(hidden)))).toEqual(['INTROSPECTION_DISABLED'])
      const wire = await Wire.ready(hidden.url, tokens.get(hidden))
      wire.subscribe('1', query)
      expect(codesOf({ body: await wire.answers('1') })).toEqual(['INTROSPECTION_DISABLED'])
    },
  )

  test('off leaves __typename, and suggests no names of the schema to anyone', async () => {
    const answer = await ask(hidden.url, '{ __typename me { __typename } }', tokens.get(hidden))
    expect(answer.body.data).toEqual({ __typename: 'Query', me: { __typename: 'Me' } })
    const query = '{ serverInf { version } }'
    expect((await ask(visible.url, query, tokens.get(visible))).text).toContain('Did you mean')
    expect((await ask(hidden.url, query, tokens.get(hidden))).text).not.toContain('Did you mean')
  })
})

describe('/schema.graphql', () => {
  const read = (world: { url: string }, headers: Record<string, string> = bearer(world)) =>
    fetchPath(world.url, '/schema.graphql', { headers: { 'accept-encoding': 'br', ...headers } })

  test('is the schema with the errors of each field, with an etag and compressed', async () => {
    const answer = await read(visible)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/graphql; charset=utf-8',
    ])
    expect(validateSchema(buildASTSchema(parse(answer.text)))).toEqual([])
    expect(answer.text).toContain('@errors(codes: [')
    expect(answer.headers.get('content-encoding')).toBe('br')
    const etag = answer.headers.get('etag') ?? ''
    const again = await read(visible, { ...bearer(visible), 'if-none-match': etag })
    expect([again.status, again.text]).toEqual([304, ''])
    const head = await fetchPath(visible.url, '/schema.graphql', { method: 'HEAD', headers: bearer(visible) })
    expect([head.status, head.text]).toEqual([200, ''])
  })

  test('follows the rules of introspection', async () => {
    const anonymous = await read(visible, {})
    expect([anonymous.status, codesOf(anonymous)]).toEqual([401, ['UNAUTHENTICATED']])
    const forged = await read(visible, { authorization: 'Bearer x' })
    expect([forged.status, codesOf(forged)]).toEqual([401, ['UNAUTHENTICATED']])
    const off = await read(hidden)
    expect([off.status, codesOf(off)]).toEqual([403, ['INTROSPECTION_DISABLED']])
  })

  test('is not for pages of other origins, nor for other methods', async () => {
    expect((await read(visible, { ...bearer(visible), origin: 'https://evil.example' })).status).toBe(403)
    expect((await fetchPath(visible.url, '/schema.graphql', { method: 'POST' })).status).toBe(405)
  })
})
