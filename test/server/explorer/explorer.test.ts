import { parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { buildSchema } from '../../../src/schema.ts'
import { examples } from '../../../src/server/explorer/examples.ts'
import { useWorld } from '../../world/world.ts'
import { fetchPath } from '../wire.ts'

const world = useWorld({ GRAPHIQL: 'on' })

const openPage = () => fetchPath(world.url, '/graphql', { headers: { accept: 'text/html' } })

/** All files that the page loads, directly and indirectly. */
async function filesOf(page: string): Promise<string[]> {
  const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => `/${path}`)
  const start = named.find((path) => path.endsWith('/start.js')) ?? ''
  const { text } = await fetchPath(world.url, start)
  const folder = start.slice(0, start.lastIndexOf('/'))
  const imported = [...text.matchAll(/from '\.\/([^']+)'/g)].map(([, name = '']) => `${folder}/${name}`)
  return [...new Set([...named, ...imported])]
}

describe('the examples', () => {
  const schema = buildSchema()
  test.each(examples.map(({ query, variables }) => [query.split('\n', 1)[0], query, variables] as const))(
    '%s',
    (_title, query, variables) => {
      const document = parse(query)
      expect(validate(schema, document)).toEqual([])
      const declared = document.definitions.flatMap((node) =>
        node.kind === 'OperationDefinition'
          ? (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
          : [],
      )
      expect(new Set(Object.keys(variables ?? {}))).toEqual(new Set(declared))
    },
  )
})

describe('the page', () => {
  test('the page and all files that it loads come from this server', async () => {
    const page = await openPage()
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//)

    const files = await filesOf(page.text)
    expect(files).toHaveLength(3)
    for (const path of files) expect([path, (await fetchPath(world.url, path)).status]).toEqual([path, 200])
  })

  test('the files of the page are cached, and compressed to less than 500 KB', async () => {
    let bytes = 0
    for (const path of await filesOf((await openPage()).text)) {
      const answer = await fetch(`${world.url}${path}`, { headers: { 'accept-encoding': 'br' } })
      expect(answer.headers.get('content-encoding')).toBe('br')
      expect(answer.headers.get('cache-control')).toContain('immutable')
      bytes += Number(answer.headers.get('content-length'))
      await answer.body?.cancel()
    }
    expect(bytes).toBeLessThan(500_000)
  })

  test('the styles contain no fonts', async () => {
    const [styles = ''] = (await filesOf((await openPage()).text)).filter((path) => path.endsWith('.css'))
    const { text } = await fetchPath(world.url, styles)
    expect(text).toContain('.graphiql-container')
    expect(text).not.toContain('@font-face')
  })

  test.each(['/graphql/assets/0000/graphiql.js', '/graphql/assets/../../package.json', '/graphql/assets/'])(
    '%s is not there',
    async (path) => {
      expect((await fetchPath(world.url, path)).status).toBe(404)
    },
  )
})
