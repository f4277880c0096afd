import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct, serverSubject } from '../audit.ts'
import { maintenanceTopic } from './maintenance.ts'

const begin = `
  insert into maintenance (text) values ($1)
  on conflict (id) do update set text = excluded.text where maintenance.text <> excluded.text returning id`

/** Begins maintenance, or changes its text. From then on users change nothing, and moderators may. */
export async function startMaintenance(ctx: Context, actor: Actor, text: string): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    if ((await tx.sql.query(begin, [text])).length === 0) return
    await recordAct(tx.sql, actor, 'startMaintenance', serverSubject, { text })
    tx.afterCommit(() => ctx.bus.publish(maintenanceTopic, {}))
  })
}

/** Ends maintenance; idempotent. */
export async function endMaintenance(ctx: Context, actor: Actor): Promise<void> {
  await withTransaction(ctx, async (tx) => {
    if ((await tx.sql.query('delete from maintenance returning id')).length === 0) return
    await recordAct(tx.sql, actor, 'endMaintenance', serverSubject)
    tx.afterCommit(() => ctx.bus.publish(maintenanceTopic, {}))
  })
}
