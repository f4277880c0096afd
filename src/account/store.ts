import { defineLoader } from '../platform/loader.ts'

export interface UserRow {
  id: string
  handle: string
  displayName: string
  bio: string | null
  email: string | null
  phone: string | null
  createdAt: Date
  deletedAt: Date | null
}

export const userColumns = `u.id, u.handle, u.display_name as "displayName", u.bio, u.email, u.phone,
  u.created_at as "createdAt", u.deleted_at as "deletedAt"`

export const loadUser = defineLoader<string, UserRow>(
  (sql, ids) => sql.query(`select ${userColumns} from "user" u where u.id = any($1)`, [ids]),
  (user) => user.id,
)
