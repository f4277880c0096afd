import { totalmem } from 'node:os'

const mebibyte = 1_048_576

/** Memory that this process and its children may use: that of the machine, or the limit of the container. */
export function usableMemory(total = totalmem(), limit = process.constrainedMemory()): number {
  // Without a limit Node answers 0, or a number above any memory.
  return limit > 0 ? Math.min(limit, total) : total
}

/**
 * Settings of a PostgreSQL that shares `memory` bytes with the server in front of it. A database alone on its machine
 * would get twice the buffers.
 */
export function memorySettings(memory: number) {
  return [
    ['shared_buffers', share(memory, 8, 32, 4_096)],
    // Only an estimate for the planner; nothing is allocated.
    ['effective_cache_size', share(memory, 2, 128, 262_144)],
    // For each sort or hash, and each connection may run several.
    ['work_mem', share(memory, 512, 4, 32)],
  ] as const
}

function share(memory: number, part: number, least: number, most: number): string {
  return `${Math.min(Math.max(Math.floor(memory / part / mebibyte), least), most)}MB`
}
