import { readdir } from 'node:fs/promises'
import pino from 'pino'
import { afterAll, beforeAll, expect } from 'vitest'
import { eventually } from '../world/eventually.ts'
import { heldBytes } from '../world/probe/heap.ts'
import { useWorld, type World } from '../world/world.ts'

/** A word for texts that must not be in the log. */
export const secretWord = 'xyzzyplugh'

const secrets = [
  /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/, // an access token
  /\w{10,}\.\d+\.[\w-]{43}\.[\w-]{43}/, // a refresh token
  /the password of /,
  new RegExp(secretWord),
]

/** A server for attacks: after them it is in the state before, and its log at trace contains no secret. */
export function useAttackedWorld(env: Record<string, string> = {}): World {
  let lines = 0
  const leaks: string[] = []
  const write = (line: string) => {
    lines += 1
    if (secrets.some((secret) => secret.test(line))) leaks.push(line)
  }
  const world = useWorld(
    { LIMIT_REFUSALS_PER_MINUTE: '1000000', ...env },
    { log: pino({ level: 'trace' }, { write }) },
  )
  leavesNoTrace(world)
  afterAll(() => {
    expect(lines).toBeGreaterThan(0)
    expect(leaks.splice(0), 'lines of the log with a text, token or password').toEqual([])
  })
  return world
}

/** What only the program and its operator know: stacks, files, statements, and names of libraries. */
const internals =
  /\bat \S+ \(|\.(ts|js):\d+|node_modules|\bfile:\/\/\/(?!etc)|prisma|pg_catalog|SQLSTATE|\b(select|insert into|update) .{0,40}\b(from|values|set)\b|violates|ECONN|ENOENT|ioredis/i

export const expectNoInternals = (text: string, what: string): void =>
  expect(text.match(internals)?.[0] ?? null, `${what} is answered with ${text.slice(0, 500)}`).toBeNull()

interface Readiness {
  ready: boolean
  parts: { sockets: { open: number } }
}

/**
 * Megabytes for compiled code and caches. One attack on every mutation leaves 43 of them, and four times as many attacks
 * leave 46.
 */
const growthMax = 80

/** Checks after all attacks of a file that the server is in the state before them. */
function leavesNoTrace(world: World): void {
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  let before: number
  beforeAll(async () => {
    process.on('uncaughtExceptionMonitor', note)
    before = await heldBytes()
  })
  afterAll(async () => {
    process.off('uncaughtExceptionMonitor', note)
    expect(uncaught, 'uncaught errors').toEqual([])
    await eventually(async () => {
      const state = (await (await fetch(`${world.url}/ready`)).json()) as Readiness
      expect(state).toMatchObject({ ready: true, parts: { sockets: { open: 0 } } })
      expect(await drafts(world.dataDir), 'unfinished uploads').toEqual([])
      const growth = ((await heldBytes()) - before) / 1_048_576
      expect(growth, 'megabytes that are not free').toBeLessThan(growthMax)
    })
  })
}

async function drafts(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir, { recursive: true })
  return names.filter((name) => /incoming\.[0-9a-f]+$|\.part$/.test(name))
}
