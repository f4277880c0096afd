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
/** On a busy machine a short run examines too little; the second one lasts four times as long. */
const attempts = [1, 4]
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

interface Outcome {
  /** All checks that found something, as `promise check`. */
  found: string[]
  /** How much was examined of the promise that the mutant breaks. */
  examined: number
}

async function runMutant(name: string, mutant: Mutant, times: number): Promise<Outcome> {
  const program = await build(name, mutant)
  const recorder = new Recorder(null)
  const postgres = await ownPostgres(await embeddedEngine())
  const rig = await openRig({ program, servers: 2, postgres, meilisearch: false })
  try {
    const { ms = runMs, faults = ['kill'] } = mutant
    await run(rig, recorder, { ms: ms * times, seed, faults, writers: 4, settleMs })
  } finally {
    await rig.stop()
    await rm(join(builds, `mutant-${name}`), { recursive: true, force: true })
  }
  const findings = check(recorder.lines)
  const found = findings.flatMap(({ promise, anomalies }) =>
    anomalies.map((anomaly) => `${promise} ${anomaly.check}`),
  )
  const broken = findings.find(({ promise }) => mutant.caughtBy.startsWith(`${promise} `))
  return { found: [...new Set(found)], examined: broken?.examined ?? 0 }
}

const wanted = process.argv.slice(2)
let missed = 0
for (const [name, mutant] of Object.entries(mutants)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  let isCaught = false
  for (const times of attempts) {
    if (isCaught) break
    const { found, examined } = await runMutant(name, mutant, times).catch((error: unknown) => ({
      found: [`error ${String(error).slice(0, 600)}`],
      examined: 0,
    }))
    isCaught = found.includes(mutant.caughtBy)
    process.stdout.write(
      `${isCaught ? 'caught' : 'missed'} ${name}: ${mutant.caughtBy}, ${examined} examined; found: ${found.join(', ')}\n`,
    )
  }
  if (!isCaught) missed += 1
}
process.exit(missed === 0 ? 0 : 1)
