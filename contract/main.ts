import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from './check/check.ts'
import { lackingFor } from './faults/faults.ts'
import { Recorder, readHistory } from './history.ts'
import { help, readOptions } from './options.ts'
import { countsOf, type RunVerdict, summaryOf } from './report/summary.ts'
import { textOf } from './report/text.ts'
import { timelineOf } from './report/timeline.ts'
import { engines, givenPostgres, ownPostgres, type Postgres } from './rig/postgres.ts'
import { serverProgram } from './rig/program.ts'
import { openRig } from './rig/rig.ts'
import { run } from './run.ts'

// npm run contract   see docs/contract.md

const settleMs = 30_000
const say = (text: string) => void process.stdout.write(`${text}\n`)

async function choosePostgres(name: string): Promise<Postgres> {
  const { DATABASE_URL } = process.env
  if (DATABASE_URL) return givenPostgres(DATABASE_URL)
  const engine = await engines[name]?.()
  if (!engine) throw new Error(`There is no PostgreSQL of the kind ${name} on this machine.`)
  return ownPostgres(engine)
}

async function contract(args: string[]): Promise<boolean> {
  const options = readOptions(args)
  if (options.help) {
    say(help)
    return true
  }
  if (options.summary) {
    say(await summaryOf(options.summary))
    return true
  }
  let postgresName: string | null = null
  const file = options.check ?? join(options.out, 'history.jsonl')
  if (!options.check) {
    await mkdir(options.out, { recursive: true })
    const recorder = new Recorder(file)
    const program = await serverProgram()
    const postgres = await choosePostgres(options.postgres)
    postgresName = postgres.name
    const rig = await openRig({ program, servers: options.servers, postgres, meilisearch: true })
    const lacking = lackingFor(rig)
    const faults = options.faults.filter((name) => !(name in lacking))
    say(`Seed ${options.seed}, ${options.servers} servers on ${postgres.name}, faults: ${faults.join(', ')}`)
    for (const [name, part] of Object.entries(lacking))
      if (options.faults.includes(name)) say(`Left out: ${name}, which needs ${part}.`)
    try {
      await run(rig, recorder, { ...options, faults, settleMs })
    } finally {
      await recorder.close()
      await rig.stop()
    }
  }
  const lines = readHistory(file)
  const findings = check(lines)
  say(textOf(findings))
  await mkdir(options.out, { recursive: true })
  const verdict: RunVerdict = { seed: options.seed, postgres: postgresName, ...countsOf(lines), findings }
  await writeFile(join(options.out, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`)
  await writeFile(join(options.out, 'timeline.html'), timelineOf(lines, findings))
  return findings.every(({ anomalies }) => anomalies.length === 0)
}

try {
  process.exit((await contract(process.argv.slice(2))) ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(2)
}
