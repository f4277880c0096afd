import { readConfig } from '../../config.ts'
import { version } from '../../server-info/version.ts'
import type { Command, Commands } from './command.ts'
import { helpOf, helpOfAll, helpOfGroup } from './help.ts'
import { createOutput } from './output.ts'
import { parseInput, UsageError } from './parse.ts'

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** Runs the command that the arguments name, and returns the exit code. */
export async function runCommand(
  commands: Commands,
  [name = 'serve', ...rest]: string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (isHelp(name)) return print(helpOfAll(commands, version))
  if (name === '--version') return print(version)
  const found = find(commands, name, 'parlance')
  if (!('commands' in found)) return run(name, found, rest, env)
  const [word = '--help', ...further] = rest
  if (isHelp(word)) return print(helpOfGroup(name, found))
  return run(`${name} ${word}`, find(found.commands, word, `parlance ${name}`), further, env)
}

function find<Kind>(commands: Readonly<Record<string, Kind>>, name: string, parent: string): Kind {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (found) return found
  throw new UsageError(
    `Unknown command "${name}". Commands: ${Object.keys(commands).join(', ')}. For help: ${parent} --help`,
  )
}

async function run(
  name: string,
  command: Command,
  rest: string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  if (rest.some(isHelp)) return print(helpOf(name, command))
  const input = parseInput(name, command, rest)
  const config = readConfig(env, input.values.config)
  const start = await command.load()
  const output = createOutput(input.switches.has('json'))
  try {
    return await start(config, input, output)
  } finally {
    output.close()
  }
}

const isHelp = (word: string) => word === '--help' || word === '-h'
