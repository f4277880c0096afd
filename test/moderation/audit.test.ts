import { expect, test } from 'vitest'
import { auditActions } from '../../src/moderation/actions.ts'
import { schemaVersion } from '../../src/server-info/version.ts'
import { inDatabase } from '../auth/verbs.ts'
import { send } from '../server/wire.ts'
import { useModeratedWorld } from './verbs.ts'

const { world, molly } = useModeratedWorld()

interface Entry {
  id: string
  action: string
}

/** The entries in pages of three, and which of the given ones `nodes` finds, for a client of a schema version. */
async function seenBy(version: number | null, ids: string[]) {
  const headers: Record<string, string> = version === null ? {} : { 'x-schema-version': String(version) }
  const ask = async <Data>(query: string, variables: object) => {
    const authorization = `Bearer ${molly().credentials.accessToken}`
    const answer = await send(world.url, JSON.stringify({ query, variables }), { authorization, ...headers })
    return answer.body.data as Data
  }
  const entries: Entry[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { auditLog }: Log = await ask<Log>(
      `query ($after: String) {
        auditLog(first: 3, after: $after) { edges { node { id action } } pageInfo { hasNextPage endCursor } }
      }`,
      { after },
    )
    entries.push(...auditLog.edges.map(({ node }) => node))
    expect(auditLog.edges.length === 3 || !auditLog.pageInfo.hasNextPage).toBe(true)
    more = auditLog.pageInfo.hasNextPage
    after = auditLog.pageInfo.endCursor
  }
  const { nodes } = await ask<{ nodes: (Entry | null)[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AuditEntry { id action } } }',
    { ids },
  )
  const actionsOf = (found: (Entry | null)[]) => found.flatMap((entry) => entry?.action ?? []).sort()
  return { listed: actionsOf(entries), found: actionsOf(nodes), ids: entries.map(({ id }) => id) }
}

interface Log {
  auditLog: { edges: { node: Entry }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}

test('the audit trail leaves out actions that are newer than the schema version of the client', async () => {
  const actions = Object.entries(auditActions)
  for (const [, { value }] of actions)
    await inDatabase(world, `insert into audit_entry (action, subject) values ($1, 'a subject')`, [value])
  const knownTo = (version: number) =>
    actions.flatMap(([name, { since }]) => (since <= version ? [name] : [])).sort()
  const { ids } = await seenBy(null, [])
  expect(knownTo(3)).toHaveLength(5)
  for (const version of [1, 3, 4, schemaVersion])
    expect(await seenBy(version, ids)).toMatchObject({ listed: knownTo(version), found: knownTo(version) })
  expect(await seenBy(null, ids)).toMatchObject({ listed: actions.map(([name]) => name).sort() })
})
