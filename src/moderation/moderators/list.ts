import type { Config } from '../../config.ts'
import type { Sql } from '../../platform/db/sql.ts'

export interface ModeratorRow {
  id: string
  handle: string
  displayName: string
  /** By ADMIN_HANDLES, or by a command. */
  by: 'settings' | 'command'
}

const list = `
  select u.id, u.handle, u.display_name as "displayName",
         case when u.handle = any($1::text[]) then 'settings' else 'command' end as by
  from "user" u
  where u.deleted_at is null
    and (u.handle = any($1::text[]) or exists (select from moderator m where m.user_id = u.id))
  order by u.handle`

/** Every moderator who has an account. */
export const listModerators = (sql: Sql, { adminHandles }: Pick<Config, 'adminHandles'>) =>
  sql.query<ModeratorRow>(list, [adminHandles])
