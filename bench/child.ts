import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

// biome-ignore lint/suspicious/noExplicitAny: handlers accept what they declare; `ask` passes it typed.
export type Handlers = Record<string, (input: any) => unknown>

/** A process of the benchmark, which answers requests by name. */
export interface Child<Of extends Handlers> {
  pid: number
  ask<Name extends keyof Of & string>(
    name: Name,
    ...input: Parameters<Of[Name]>
  ): Promise<Awaited<ReturnType<Of[Name]>>>
  /** Resolves with the first match in its output; rejects if it ends before. */
  prints(pattern: RegExp): Promise<string>
  stop(): Promise<void>
}

export interface ChildOptions {
  execArgv?: string[]
  env?: Record<string, string>
}

const root = join(import.meta.dirname, '..')
const patienceMs = 35_000

/** Starts a TypeScript file of this project in a process that ends with this one. */
export function startChild<Of extends Handlers>(file: string, options: ChildOptions = {}): Child<Of> {
  const child = fork(join(root, 'scripts/run.mjs'), [file], {
    cwd: root,
    execArgv: options.execArgv ?? [],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const exit = once(child, 'exit')
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let printed = ''
  let nextId = 1
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk
  })
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const question = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) question?.resolve(value as never)
    else question?.reject(new Error(`${file}: ${error}`))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${code}).`))
  })

  return {
    pid: child.pid ?? 0,
    ask: (name, input?: unknown) =>
      new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        child.send({ id, name, input })
      }),
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = printed.match(pattern)
          if (match) resolve(match[1] ?? match[0])
        }
        child.stdout?.on('data', look)
        child.on('exit', () => reject(new Error(`${file} ended early:\n${printed}`)))
        look()
      }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await exit
      clearTimeout(impatience)
    },
  }
}
