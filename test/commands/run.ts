import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { inject } from 'vitest'

const run = promisify(execFile)

export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs a command of the program to its end. */
export async function parlance(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  const options = { env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', ...env }, maxBuffer: 1e8 }
  return run(process.execPath, [inject('serverProgram'), ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => {
      if (typeof error.code !== 'number') throw error
      return { code: error.code, stdout: error.stdout, stderr: error.stderr }
    },
  )
}

/** Runs a command that must succeed, and returns what it prints with --json. */
export async function json(
  args: readonly string[],
  env: Record<string, string>,
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await parlance([...args, '--json'], env)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}
