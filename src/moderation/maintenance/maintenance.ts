import { OperationTypeNode } from 'graphql'
import type { Logger } from 'pino'
import { isModerator } from '../../account/moderators.ts'
import type { Context } from '../../context.ts'
import { type Refusal, refuse } from '../../errors.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { createPoller } from '../../platform/poller.ts'

/** Maintenance that the operator has begun; null while users may change things. */
export interface Maintenance {
  readonly current: MaintenanceState | null
  /** Why the operation is not run; null if it is. */
  refusalOf(ctx: Context, operation: Operation): Promise<Refusal | null>
  close(): Promise<void>
}

export interface MaintenanceState {
  text: string
  since: Date
}

interface Operation {
  type: OperationTypeNode
  rootFields: ReadonlySet<string>
}

/** Published when maintenance begins or ends; servers without the bus poll. */
export const maintenanceTopic = 'maintenance'

const pollMs = 2_000
const retryAfterMs = 30_000

// What keeps devices signed in and streams open, so that clients need not start again afterwards.
const allowed = new Set(['acknowledge', 'logout', 'refreshSession', 'renewSession', '__typename'])

export function watchMaintenance(parts: { sql: Sql; bus: Bus; log: Logger }): Maintenance {
  const { sql, bus, log } = parts
  let current: MaintenanceState | null = null
  const poller = createPoller({
    log,
    failure: 'maintenance unknown, will retry',
    async turn() {
      const [row] = await sql.query<MaintenanceState>('select text, since from maintenance')
      if (row && !current) log.warn({ text: row.text }, 'maintenance began, changes refused')
      if (!row && current) log.info('maintenance ended')
      current = row ?? null
      return pollMs
    },
  })
  bus
    .subscribe(maintenanceTopic, () => poller.wake())
    .catch((error: unknown) => log.error({ err: error }, 'subscription to maintenance failed'))

  return {
    get current() {
      return current
    },
    async refusalOf(ctx, { type, rootFields }) {
      // It may end while the moderator is looked up.
      const begun = current
      if (!begun || type !== OperationTypeNode.MUTATION) return null
      if ([...rootFields].every((name) => allowed.has(name))) return null
      if (ctx.viewer && (await isModerator(ctx, ctx.viewer.userId))) return null
      return refuse('UNAVAILABLE', `The server is in maintenance: ${begun.text}`, { retryAfterMs })
    },
    close: () => poller.close(),
  }
}
