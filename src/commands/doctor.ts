import type { Config } from '../config.ts'
import { poolSql } from '../platform/db/sql.ts'
import { OperatorError } from '../platform/operator-error.ts'
import { type Database, reachDatabase, withClient } from './access/database.ts'
import type { Input } from './cli/command.ts'
import type { Output } from './cli/output.ts'
import { dataCheck, dataChecks } from './doctor/data.ts'
import { type Check, error, type Finding, type ServiceParts } from './doctor/finding.ts'
import { dataFolder, ffmpeg, secret } from './doctor/machine.ts'
import { bytesOfMedia, mediaOfBytes, storage } from './doctor/media.ts'
import { meilisearch } from './doctor/meilisearch.ts'
import {
  clock,
  databaseSettings,
  hasTables,
  indexes,
  migrations,
  pooler,
  transactions,
} from './doctor/postgres.ts'
import { redis } from './doctor/redis.ts'

const ofServices: Record<string, Check<ServiceParts>> = {
  redis,
  meilisearch,
  storage,
  ffmpeg,
  'data folder': dataFolder,
}

const ofDatabase: Record<string, Check> = {
  'database settings': databaseSettings,
  pooler,
  clock,
  transactions,
  migrations,
  indexes,
}

const ofData: Record<string, Check> = {
  'auth secret': secret,
  ...Object.fromEntries(Object.entries(dataChecks).map(([name, check]) => [name, dataCheck(check)])),
}

const ofMedia: Record<string, Check> = { 'bytes of media': bytesOfMedia, 'media of bytes': mediaOfBytes }

/** Exit codes of findings. */
const codes = { ERROR: 3, WARNING: 4 }

/** Checks settings, services and data. Changes nothing but a probe object in the storage of uploads. */
export async function doctor(config: Config, input: Input, output: Output): Promise<number> {
  const findings: Finding[] = []
  let checks = 0
  const run = async <Needs>(set: Record<string, Check<Needs>>, parts: Needs) => {
    for (const [name, check] of Object.entries(set)) {
      output.progress(name)
      checks += 1
      const found = await check(parts).catch((fault: Error) => [
        error(`The check failed (${fault.message}).`, 'Mend the other findings first.'),
      ])
      findings.push(...found.map((each) => ({ ...each, check: name })))
    }
  }

  const database = await reach(config, output).catch((fault: Error) => fault)
  if (database instanceof Error) {
    const mend = 'Check DATABASE_URL, and that PostgreSQL runs and accepts connections.'
    findings.push({ check: 'database', ...error(database.message, mend) })
    await run(ofServices, { config, progress: output.progress })
  } else
    try {
      await withClient(database, async (client) => {
        const parts = { config, database, sql: poolSql(client), progress: output.progress }
        await run({ ...ofServices, ...ofDatabase }, parts)
        if (!(await hasTables(parts.sql))) return
        await run(ofData, parts)
        const hasStorage = !findings.some(({ check }) => check === 'storage')
        if (hasStorage && !input.switches.has('skip-media')) await run(ofMedia, parts)
      })
    } finally {
      await database.close()
    }
  output.result({ checks, findings }, textOf(checks, findings))
  if (findings.length === 0) return 0
  return findings.some(({ level }) => level === 'ERROR') ? codes.ERROR : codes.WARNING
}

async function reach(config: Config, output: Output): Promise<Database> {
  const database = await reachDatabase(config, output.progress)
  try {
    await withClient(database, async () => {})
    return database
  } catch (fault) {
    await database.close()
    throw fault instanceof OperatorError ? fault : new OperatorError((fault as Error).message)
  }
}

function textOf(checks: number, findings: readonly Finding[]): string {
  if (findings.length === 0) return `${checks} checks found nothing.`
  return [
    ...findings.map(({ level, check, problem, mend }) => `${level} ${check}: ${problem}\n  ${mend}`),
    `${checks} checks, ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.`,
  ].join('\n')
}
