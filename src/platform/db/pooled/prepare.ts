import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { applicationPrefix } from '../../postgres/lock.ts'
import { isConnectionLost } from '../outage.ts'
import { checkPooler, withPooled } from './check.ts'
import { type StatementTimeouts, setForRole } from './session-settings.ts'

const readPid = 'select pg_backend_pid() as pid'

// Sessions of the same origin as the one with this process id. None works for a server: settings change with the version,
// and versions do not run side by side.
const endSessionsLike = `
  select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_stat_activity p
    on (a.datid, a.usesysid) = (p.datid, p.usesysid) and a.client_addr is not distinct from p.client_addr
  where p.pid = $1 and a.state = 'idle' and a.pid <> pg_backend_pid()
    and not starts_with(a.application_name, '${applicationPrefix}')`

// One server at a time: another would see the new settings before the sessions without them have ended. The wait is as long
// as the pooler lets the other one wait for a session.
const lockKey = `hashtextextended('parlance role settings', 0)`
const lockPreparation = `begin; set local lock_timeout = 0; set local statement_timeout = 0; select pg_advisory_lock(${lockKey}); commit`
const unlockPreparation = `select pg_advisory_unlock(${lockKey})`

const retries = 10
const retryMs = 100

/**
 * Gives the sessions of the pooler the settings of a server, and checks them. `direct` is a connection to PostgreSQL
 * itself. Sessions that began with other settings are ended, and the pooler opens new ones.
 */
export async function preparePooler(
  direct: pg.Client,
  pooled: pg.ClientConfig,
  timeouts: StatementTimeouts,
): Promise<void> {
  await direct.query(lockPreparation)
  const areNew = await setForRole(direct, timeouts)
  if (areNew) await endSessions(direct, pooled)
  await direct.query(unlockPreparation)
  for (let left = retries; ; left -= 1) {
    // The pooler may not have seen the end of a session yet. Another server that starts may end sessions, too.
    const fault = await checkPooler(direct, pooled, timeouts).catch((error: Error) => error)
    if (!fault) return
    if (left === 0 || !(areNew || isConnectionLost(fault))) throw fault
    await pause(retryMs)
  }
}

async function endSessions(direct: pg.Client, pooled: pg.ClientConfig): Promise<void> {
  const pid = await withPooled(pooled, async ([client]) => {
    const result = await client?.query<{ pid: number }>(readPid)
    return result?.rows[0]?.pid
  })
  await direct.query(endSessionsLike, [pid])
}
