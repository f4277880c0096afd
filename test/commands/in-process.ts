import { expect } from 'vitest'
import { admin } from '../../src/commands/admin/commands.ts'
import { parseInput } from '../../src/commands/cli/parse.ts'
import { readConfig } from '../../src/config.ts'
import type { Place } from './stage.ts'

/** Runs `parlance admin …` in this process, which spares the start of one, and returns what it prints with --json. */
export async function administers(args: string[], env: Place): Promise<Record<string, unknown>> {
  const [name = '', ...rest] = args
  const command = admin.commands[name]
  if (!command) throw new Error(`There is no command ${name}.`)
  const input = parseInput(`admin ${name}`, command, rest)
  const results: object[] = []
  const output = { result: (value: object) => void results.push(value), progress: () => {} }
  const code = await (await command.load())(readConfig(env), input, output)
  expect(code).toBe(0)
  return JSON.parse(JSON.stringify(results[0])) as Record<string, unknown>
}
