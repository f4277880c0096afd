import { parseArgs } from 'node:util'
import { OperatorError } from '../../platform/operator-error.ts'
import { type Command, commonOptions, type Input } from './command.ts'
import { usageOf } from './help.ts'

/** The program was called incorrectly. */
export class UsageError extends OperatorError {
  override name = 'UsageError'
}

/** Reads the arguments of a command, or throws a UsageError. */
export function parseInput(name: string, command: Command, args: string[]): Input {
  const options = { ...command.options, ...commonOptions }
  const refuse = (fault: string): never => {
    throw new UsageError(`${fault} Usage: ${usageOf(name, command)}`)
  }
  const { values, positionals } = readArgs(args, options, refuse)
  const wanted = command.arguments ?? []
  const missing = wanted[positionals.length]
  if (missing) refuse(`${missing} is missing.`)
  const surplus = positionals[wanted.length]
  if (surplus !== undefined) refuse(`"${surplus}" is one argument too many.`)
  for (const [index, word] of wanted.entries())
    if (word !== word.toUpperCase() && positionals[index] !== word)
      refuse(`"${positionals[index]}" is not known to ${name}.`)
  for (const [option, { value, required }] of Object.entries(options))
    if (required && !values[option]) refuse(`--${option} ${value} is missing.`)
  return {
    arguments: positionals,
    values: Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    switches: new Set(Object.keys(values).filter((option) => values[option] === true)),
  }
}

function readArgs(
  args: string[],
  options: NonNullable<Command['options']>,
  refuse: (fault: string) => never,
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  const types = Object.entries(options).map(
    ([option, { value }]) => [option, { type: value ? 'string' : 'boolean' }] as const,
  )
  try {
    return parseArgs({ args, options: Object.fromEntries(types), allowPositionals: true, strict: true })
  } catch (error) {
    // Node explains in further sentences how to pass an argument that begins with a dash.
    const [sentence = ''] = (error as Error).message.split(/\. |\n/)
    return refuse(`${sentence.replace(/\.$/, '')}.`)
  }
}
