import type { Config } from '../../config.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Database } from '../access/database.ts'

/** A fault that a check found. */
export interface Finding {
  /** ERROR: something does not work, or data is wrong. WARNING: it works and may fail later. */
  level: 'ERROR' | 'WARNING'
  /** Name of the check. */
  check: string
  problem: string
  /** What the operator does about it. */
  mend: string
}

export type Found = Omit<Finding, 'check'>

/** What a check of a service may use, also when the database is unreachable. */
export interface ServiceParts {
  config: Config
  progress: (text: string) => void
}

export interface Parts extends ServiceParts {
  database: Database
  sql: Sql
}

/** Returns what it found; nothing if all is well. */
export type Check<Needs = Parts> = (parts: Needs) => Promise<Found[]>

export const error = (problem: string, mend: string): Found => ({ level: 'ERROR', problem, mend })
export const warning = (problem: string, mend: string): Found => ({ level: 'WARNING', problem, mend })
