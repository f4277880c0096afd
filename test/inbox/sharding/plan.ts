import type pg from 'pg'

/** Tables by the key that shards them, with the column that holds it. */
const families: Record<string, Record<string, string[]>> = {
  conversation: {
    conversation: ['id'],
    ...Object.fromEntries(
      [
        'announcement',
        'delivery',
        'delivery_mark',
        'group_conversation',
        'group_invite',
        'join_request',
        'membership',
        'mention',
        'message',
        'message_media',
        'message_revision',
        'outbox_mark',
        'pin',
        'reaction',
        'revision_mark',
      ].map((table) => [table, ['conversation_id']]),
    ),
  },
  user: {
    user: ['id'],
    block: ['blocker_id'],
    friend_request: ['from_id', 'to_id'],
    ...Object.fromEntries(
      [
        'acknowledgement',
        'friendship',
        'inbox_entry',
        'notification_settings',
        'presence',
        'push_device',
        'session',
        'stream_start',
        'suspension',
        'user_stream',
      ].map((table) => [table, ['user_id']]),
    ),
  },
}

/** Small tables that every shard has a copy of. */
const copied = ['history', 'maintenance', 'moderator', 'outbox_topic', 'pg_database', 'pg_stat_activity']

/** Tables of work that follows the messages: its workers run on each shard. */
const followUps = ['job_worker', 'message_search', 'outbox_claim', 'report', 'search_progress', 'search_word']

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  Plans?: PlanNode[]
  [condition: string]: unknown
}

const conditions = ['Index Cond', 'Recheck Cond', 'Filter', 'Join Filter']

const statement = /^\s*(with|select|insert|update|delete)\b(?!\s*1 \/)/i

/**
 * Why a statement cannot run on one shard; empty if it can, null if it is not one of the paths. The plan that PostgreSQL
 * makes without scans and hashes shows by which condition each table is read.
 */
export async function faultsOf(database: pg.Client, text: string): Promise<string[] | null> {
  if (!statement.test(text) || /graphile_worker|folded_/.test(text)) return null
  const nodes = [...nodesOf(await planOf(database, text))].filter((node) => node['Relation Name'])
  const tables = new Set(nodes.map((node) => node['Relation Name'] as string))
  if (followUps.some((table) => tables.has(table))) return null
  const faults = new Set<string>()
  const touched = new Set<string>()
  for (const node of nodes) {
    const table = node['Relation Name'] as string
    if (copied.includes(table)) continue
    const family = Object.keys(families).find((name) => families[name]?.[table])
    if (family) touched.add(family)
    else faults.add(`${table} has no shard key`)
    if (node['Node Type'] === 'ModifyTable') continue
    const columns = family ? (families[family]?.[table] ?? []) : []
    const read = conditions.map((name) => String(node[name] ?? '')).join(' ')
    if (family && !columns.some((column) => new RegExp(`\\b${column}\\b[^<>]* = `).test(read)))
      faults.add(`${table} is read without ${columns.join(' or ')}`)
  }
  if (touched.size > 1) faults.add('touches both families')
  return [...faults].sort()
}

async function planOf(database: pg.Client, text: string): Promise<PlanNode> {
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  const values = count > 0 ? `(${Array.from({ length: count }, () => 'null').join(', ')})` : ''
  await database.query(`prepare probe as ${text}`)
  try {
    const { rows } = await database.query(`explain (format json) execute probe${values}`)
    return rows[0]['QUERY PLAN'][0].Plan
  } finally {
    await database.query('deallocate probe')
  }
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node
  for (const child of node.Plans ?? []) yield* nodesOf(child)
}

/** Settings under which a condition on a key is visible in the plan. */
export const planSettings = [
  'plan_cache_mode = force_generic_plan',
  ...['seqscan', 'hashjoin', 'mergejoin', 'bitmapscan', 'material', 'memoize'].map(
    (kind) => `enable_${kind} = off`,
  ),
]
