import { userInfo } from 'node:os'
import type { Config } from '../../config.ts'
import { type Context, systemContext } from '../../context.ts'
import type { Cleanups } from '../../core.ts'
import { Refusal } from '../../errors.ts'
import { messageKinds } from '../../message-kinds.ts'
import type { Actor } from '../../moderation/actor.ts'
import { createLogger } from '../../platform/logger.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { openServices } from '../../services.ts'
import { type Database, reachDatabase } from '../access/database.ts'
import type { Input } from '../cli/command.ts'
import type { Output } from '../cli/output.ts'

/** What an administrative command works with. */
export interface Administration {
  ctx: Context
  actor: Actor
  database: Pick<Database, 'connection'>
}

/** Opens everything that a verb needs, beside running servers, and turns refusals into sentences. */
export async function administer<Result>(
  config: Config,
  input: Input,
  output: Output,
  work: (administration: Administration) => Promise<Result>,
): Promise<Result> {
  const database = await reachDatabase(config, output.progress)
  const cleanups: Cleanups = [database.close]
  try {
    const { connection, description } = database
    // Results alone are on standard output, and what a server warns of says nothing about a command.
    const log = createLogger({ logLevel: 'error' }, 2)
    const { services } = await openServices(
      config,
      { log, messageKinds, join: { connection, description } },
      cleanups,
    )
    return await work({ ctx: systemContext(services, 'command'), actor: operator(input), database })
  } catch (error) {
    throw error instanceof Refusal ? new OperatorError(error.message, { cause: error }) : error
  } finally {
    for (let close = cleanups.pop(); close; close = cleanups.pop()) await close()
  }
}

/** The operator, with the name of the account that runs the command. */
function operator({ values: { reason } }: Input): Actor {
  return { userId: null, detail: { operator: accountName(), ...(reason && { reason }) } }
}

// A container may run as a user id without a name.
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
