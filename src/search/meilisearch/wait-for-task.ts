import { setTimeout as pause } from 'node:timers/promises'
import type { EnqueuedTaskPromise, Meilisearch } from 'meilisearch'

// Shorter than the lease of a batch.
const patienceMs = 60_000
const intervalMs = 20

/**
 * Waits for a task of Meilisearch; fails when the task fails. `waitTask` of the library keeps its timer, and with it a
 * stopping process, when a request fails.
 */
export async function waitForTask(client: Meilisearch, enqueued: EnqueuedTaskPromise): Promise<void> {
  const { taskUid } = await enqueued
  const began = performance.now()
  for (;;) {
    const { type, status, error } = await client.tasks.getTask(taskUid)
    if (status === 'succeeded') return
    const ended = status !== 'enqueued' && status !== 'processing'
    if (ended || performance.now() - began > patienceMs)
      throw new Error(`${type}: ${error?.message ?? status}`)
    await pause(intervalMs)
  }
}
