import { readConfig } from '../../config.ts'
import { version } from '../../server-info/version.ts'
import type { Command } from './command.ts'
import { helpOf, helpOfAll } from './help.ts'
import { createOutput } from './output.ts'
import { parseInput, UsageError } from './parse.ts'

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** Runs the command that the arguments name, and returns the exit code. */
export async function runCommand(
  commands: Readonly<Record<string, Command>>,
  [name = 'serve', ...rest]: string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (isHelp(name)) return print(helpOfAll(commands, version))
  if (name === '--version') return print(version)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new UsageError(
      `Unknown command "${name}". Commands: ${Object.keys(commands).join(', ')}. For help: parlance --help`,
    )
  if (rest.some(isHelp)) return print(helpOf(name, command))
  const input = parseInput(name, command, rest)
  const config = readConfig(env, input.values.config)
  const run = await command.load()
  const output = createOutput(input.switches.has('json'))
  try {
    return await run(config, input, output)
  } finally {
    output.close()
  }
}

const isHelp = (word: string) => word === '--help' || word === '-h'
