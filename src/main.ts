#!/usr/bin/env node
import { UsageError } from './commands/cli/parse.ts'
import { runCommand } from './commands/cli/run.ts'
import { commands } from './commands/commands.ts'
import { ConfigError } from './config.ts'
import { OperatorError } from './platform/operator-error.ts'

try {
  process.exitCode = await runCommand(commands, process.argv.slice(2), process.env)
} catch (error) {
  const text =
    error instanceof OperatorError ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text}\n`)
  process.exit(error instanceof UsageError || error instanceof ConfigError ? 2 : 1)
}
