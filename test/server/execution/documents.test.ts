import { describe, expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, Wire } from '../wire.ts'

const world = useWorld()

const repeat = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

/** The response to a document over HTTP and a socket, which must be the same. */
async function verdicts(query: string) {
  const http = await ask(world.url, query)
  const wire = await Wire.ready(world.url)
  wire.subscribe('1', query)
  expect(await wire.answers('1')).toEqual(http.body)
  return { codes: codesOf(http), extensions: http.body.errors?.[0]?.extensions }
}

describe('limits of a document', () => {
  const long = (length: number) => '{ __typename }'.padEnd(length)
  const aliased = (count: number) => `{ ${repeat(count, (index) => `a${index}: __typename`)} }`
  const directed = (count: number) => `{ ${repeat(count, () => '... @include(if: true) { __typename }')} }`
  const deep = (depth: number) => {
    let inside = '__typename'
    for (let level = depth; level > 1; level -= 1) inside = `${level % 2 ? 'user' : 'session'} { ${inside} }`
    return `{ me { ${inside} } }`
  }

  const cases: [string, (size: number) => string, number][] = [
    ['characters', long, 15_000],
    ['aliases', aliased, 15],
    ['directives', directed, 8],
  ]
  test.each(cases)('%s up to the limit are executed', async (_what, make, limit) => {
    expect((await verdicts(make(limit))).codes).toBeUndefined()
  })

  test.each(cases)('one more of %s is QUERY_TOO_COMPLEX', async (_what, make, limit) => {
    const { codes, extensions } = await verdicts(make(limit + 1))
    expect(codes).toEqual(['QUERY_TOO_COMPLEX'])
    expect(extensions).toMatchObject({ limit, actual: limit + 1 })
  })

  test('levels beyond the limit are QUERY_TOO_COMPLEX, valid or not', async () => {
    const { codes, extensions } = await verdicts(deep(17))
    expect(codes).toEqual(['QUERY_TOO_COMPLEX'])
    expect(extensions).toMatchObject({ limit: 16, actual: 17 })
    expect((await verdicts(deep(16))).codes).not.toContain('QUERY_TOO_COMPLEX')
  })

  const bombs: [string, string][] = [
    ['fields in fields', '{a'.repeat(5000)],
    ['fields in fields that end', `${'{a'.repeat(3000)}${'}'.repeat(3000)}`],
    ['lists in lists', `{ user(id: ${'['.repeat(7000)}`],
    ['lists in lists that end', `{ user(id: ${'['.repeat(5000)}${']'.repeat(5000)}) { id } }`],
    ['fragments in fragments', `${'{...{'.repeat(2000)}`],
    [
      'fragments that double',
      `{ me { ...f0 } } ${repeat(100, (index) => `fragment f${index} on Me { ...f${index + 1} ...f${index + 1} }`)} fragment f100 on Me { id }`,
    ],
    ['many directives', `{ me ${'@skip(if: false)'.repeat(800)} { id } }`],
    ['many fields', `{ ${'__typename '.repeat(1200)}}`],
    ['nested variables', `query ($a: ${'['.repeat(7000)}Int${']'.repeat(7000)}) { __typename }`],
  ]
  test.each(bombs)('%s are refused quickly', async (_what, query) => {
    const since = process.cpuUsage()
    const answer = await ask(world.url, query)
    expect(answer.status).toBe(200)
    expect(['QUERY_TOO_COMPLEX', 'INVALID_INPUT']).toContain(codesOf(answer)?.[0])
    const { user, system } = process.cpuUsage(since)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    expect((await ask(world.url, '{ __typename }')).status).toBe(200)
  })

  test('fragments that refer to each other are invalid', async () => {
    const { codes } = await verdicts(
      '{ me { ...a } } fragment a on Me { user { ...b } } fragment b on User { id ...b }',
    )
    expect(codes).toEqual(['INVALID_INPUT'])
  })
})

describe('invalid documents', () => {
  const faults: [string, string, RegExp][] = [
    ['a syntax error', '{ me { ', /Syntax Error/],
    ['an unknown field', '{ nothing }', /Cannot query field "nothing"/],
    ['no operation', 'fragment a on Me { id }', /never used|no operation/i],
    ['several operations and no name', 'query A { __typename } query B { __typename }', /operationName/],
    ['an empty document', '', /Syntax Error/],
  ]
  test.each(faults)('%s is reported and leaves the socket open', async (_what, query, message) => {
    const http = await ask(world.url, query)
    expect(codesOf(http)).toEqual(['INVALID_INPUT'])
    expect(http.body.errors?.[0]?.message).toMatch(message)

    const wire = await Wire.ready(world.url)
    wire.subscribe('broken', query)
    expect(codesOf({ body: await wire.answers('broken') })).toEqual(['INVALID_INPUT'])
    wire.subscribe('sound', '{ __typename }')
    expect(await wire.answers('sound')).toMatchObject({ data: { __typename: 'Query' } })
  })

  test('an invalid variable is named in the error', async () => {
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }'
    const answer = await ask(world.url, query, undefined, { input: { handle: 'x', displayName: 7 } })
    expect(codesOf(answer)?.[0]).toBe('INVALID_INPUT')
    const paths = answer.body.errors?.flatMap(({ extensions }) =>
      (extensions.issues as { path: string }[]).map(({ path }) => path),
    )
    expect(paths).toContain('input.displayName')
  })

  test.each([
    ['a missing variable', {}, 'is required'],
    ['a variable of null', { id: null }, 'must not be null'],
  ])('%s is named in the error, with the fault as a predicate', async (_what, variables, message) => {
    const answer = await ask(world.url, 'query ($id: ID!) { user(id: $id) { id } }', undefined, variables)
    expect(answer.body.errors?.[0]?.extensions.issues).toEqual([{ path: 'id', message }])
  })
})
