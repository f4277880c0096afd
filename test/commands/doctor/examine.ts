import pg from 'pg'
import { onTestFinished } from 'vitest'
import { createTestDatabase } from '../../setup/database.ts'
import { parlance } from '../run.ts'
import { env, type Place } from '../stage.ts'

export interface Finding {
  level: string
  check: string
  problem: string
  mend: string
}

export async function examine(place: Place, ...args: string[]) {
  const { code, stdout, stderr } = await parlance(['doctor', '--json', ...args], env(place))
  if (stdout === '') throw new Error(stderr)
  const { findings, checks } = JSON.parse(stdout) as { findings: Finding[]; checks: number }
  return { code, checks, findings, found: new Set(findings.map(({ check }) => check)) }
}

export async function database(): Promise<string> {
  const created = await createTestDatabase()
  onTestFinished(() => created.drop())
  return created.url
}

export async function change(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

// The databases of the tests do without durability.
export const unsafe = 'database settings'
