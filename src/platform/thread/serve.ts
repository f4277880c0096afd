import { parentPort } from 'node:worker_threads'
import type { Call, Reply } from './thread.ts'

/** Handles the calls of a `TaskThread`, inside its thread. */
export function serveTasks(tasks: Readonly<Record<string, (input: never) => unknown>>): void {
  parentPort?.on('message', ({ id, task, input }: Call) => parentPort?.postMessage(answer(id, task, input)))

  function answer(id: number, task: string, input: unknown): Reply {
    try {
      return { id, result: tasks[task]?.(input as never) }
    } catch (error) {
      return { id, error }
    }
  }
}
