import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { embeddedEngine } from '../../test/faults/database/cluster.ts'
import { check } from '../check/check.ts'
import { Recorder } from '../history.ts'
import { ownPostgres } from '../rig/postgres.ts'
import { changedProgram } from '../rig/program.ts'
import { openRig } from '../rig/rig.ts'
import { run } from '../run.ts'
import { type Mutant, mutants } from './mutants.ts'

// npm run contract:mutants [-- NAME …]   see docs/contract.md

const runMs = 7_000
const settleMs = 2_500
const seed = 20_261_129
const builds = join(import.meta.dirname, '../../.build')

/** The server with the patches; each must apply, or the mutant would be the server as it is. */
async function build(name: string, { patches }: Mutant): Promise<string> {
  const applied = new Set<object>()
  const program = await changedProgram(join(builds, `mutant-${name}`), (path, source) => {
    let changed = source
    for (const patch of patches) {
      if (patch.file !== path || !changed.includes(patch.find)) continue
      changed = changed.replace(patch.find, () => patch.put)
      applied.add(patch)
    }
    return changed
  })
  const missing = patches.filter((patch) => !applied.has(patch))
  if (missing.length > 0) throw new Error(`Does not apply: ${missing.map(({ file }) => file).join(', ')}`)
  return program
}

/** The names of all checks that found something, as `promise check`. */
async function caughtBy(name: string, mutant: Mutant): Promise<string[]> {
  const program = await build(name, mutant)
  const recorder = new Recorder(null)
  const postgres = await ownPostgres(await embeddedEngine())
  const rig = await openRig({ program, servers: 2, postgres, meilisearch: false })
  try {
    const { ms = runMs, faults = ['kill'] } = mutant
    await run(rig, recorder, { ms, seed, faults, writers: 4, settleMs })
  } finally {
    await rig.stop()
    await rm(join(builds, `mutant-${name}`), { recursive: true, force: true })
  }
  const found = check(recorder.lines).flatMap(({ promise, anomalies }) =>
    anomalies.map((anomaly) => `${promise} ${anomaly.check}`),
  )
  return [...new Set(found)]
}

const wanted = process.argv.slice(2)
let missed = 0
for (const [name, mutant] of Object.entries(mutants)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const found = await caughtBy(name, mutant).catch((error: unknown) => [
    `error ${String(error).slice(0, 600)}`,
  ])
  const isCaught = found.includes(mutant.caughtBy)
  if (!isCaught) missed += 1
  process.stdout.write(
    `${isCaught ? 'caught' : 'MISSED'} ${name}: ${mutant.caughtBy}; found: ${found.join(', ')}\n`,
  )
}
process.exit(missed === 0 ? 0 : 1)
