import { Worker } from 'node:worker_threads'

/** Runs the tasks of a module one after the other in a thread, off the event loop of this process. */
export interface TaskThread {
  run(task: string, input: unknown): Promise<unknown>
  /** Ends the thread and rejects unfinished tasks. */
  close(): Promise<void>
}

export interface Call {
  id: number
  task: string
  input: unknown
}

export type Reply = { id: number; result: unknown } | { id: number; error: unknown }

interface Waiting {
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** The thread starts with the first task, and after a crash with the next one. */
export function createTaskThread(module: URL): TaskThread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let closed = false
  let last = 0

  function started(): Worker {
    if (worker) return worker
    const fresh = startWorker(module)
    const lose = (error: Error) => {
      if (worker !== fresh) return
      worker = null
      for (const each of waiting.values()) each.reject(error)
      waiting.clear()
    }
    fresh.on('message', settle)
    fresh.on('messageerror', lose)
    fresh.on('error', lose)
    fresh.on('exit', (code) => lose(new Error(`The thread of ${module.pathname} ended with ${code}.`)))
    // The thread must not keep the process running.
    fresh.unref()
    worker = fresh
    return fresh
  }

  function settle(reply: Reply): void {
    const caller = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) caller?.reject(reply.error)
    else caller?.resolve(reply.result)
  }

  return {
    run(task, input) {
      if (closed) return Promise.reject(new Error('The thread is closed.'))
      return new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        started().postMessage({ id: last, task, input } satisfies Call)
      })
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}

/** TypeScript needs a loader; built code does not. */
function startWorker(module: URL): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module)
  return new Worker(new URL('boot.mjs', import.meta.url), { workerData: module.href })
}
