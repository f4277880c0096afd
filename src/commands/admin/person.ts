import { findByHandle, loadUser, type UserRow } from '../../account/store.ts'
import type { Context } from '../../context.ts'
import { OperatorError } from '../../platform/operator-error.ts'

/** The active account of a handle or an id. */
export async function findPerson(ctx: Context, given = ''): Promise<UserRow> {
  const found = (await findByHandle(ctx.sql, given)) ?? (await loadUser(ctx, given))
  if (!found) throw new OperatorError(`There is no user with the handle or id ${given}.`)
  if (found.deletedAt)
    throw new OperatorError(`The account ${found.id} was deleted at ${found.deletedAt.toISOString()}.`)
  return found
}

/** How a person appears in results. */
export const named = ({ id, handle, displayName }: UserRow) => ({ id, handle, displayName })
