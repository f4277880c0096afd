#!/usr/bin/env node
import { type Config, readConfig } from './config.ts'
import { OperatorError } from './platform/operator-error.ts'

type Command = (config: Config) => Promise<void>

// Imported when called: `migrate` needs none of the server.
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  reindex: async () => (await import('./commands/reindex.ts')).reindex,
}

async function main([name = 'serve', ...rest]: string[]): Promise<void> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load || rest.length > 0)
    throw new OperatorError(`Usage: parlance ${Object.keys(commands).join(' | ')}; serve is the default.`)
  const command = await load()
  await command(readConfig(process.env))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const text =
    error instanceof OperatorError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
