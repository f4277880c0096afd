import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect } from 'vitest'
import { eventually } from '../world/eventually.ts'
import { heldBytes } from '../world/probe/heap.ts'
import type { World } from '../world/world.ts'

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
export function leavesNoTrace(world: World): void {
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
