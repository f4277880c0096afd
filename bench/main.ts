import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { measureDeliveries } from './deliveries.ts'
import { measureGroups } from './groups.ts'
import { measureGrowth } from './growth/growth.ts'
import { measureMemory } from './memory.ts'
import { writeResults } from './output/results.ts'
import { measureBatches } from './pairs/batches.ts'
import { measurePairs } from './pairs/pairs.ts'
import { makePlace } from './place.ts'
import { measurePush } from './push/push.ts'
import { measureReads } from './reads/reads.ts'
import { type Row, table } from './report.ts'
import { createRun } from './run.ts'
import { measureSends } from './sends.ts'
import { measureServers } from './servers/servers.ts'
import { measureSize } from './size/size.ts'
import { measureStorm } from './storm/storm.ts'

// npm run bench [-- --quick] [--only sends|pairs|batches|deliveries|memory|reads|growth|groups|push|size|storm|servers] [--profile folder] [--messages n] [--out folder]   see docs/benchmarks.md

const measures = {
  sends: measureSends,
  pairs: measurePairs,
  batches: measureBatches,
  deliveries: measureDeliveries,
  memory: measureMemory,
  reads: measureReads,
  growth: measureGrowth,
  groups: measureGroups,
  push: measurePush,
  size: measureSize,
  storm: measureStorm,
  servers: measureServers,
}
const patienceMs = 1_800_000

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    only: { type: 'string' },
    profile: { type: 'string' },
    out: { type: 'string' },
    messages: { type: 'string' },
  },
})

const say = (text: string) => void process.stdout.write(`${text}\n`)

/** Rejects on SIGINT, SIGTERM and a timeout. */
function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => reject(new Error(`Stopped by ${name}.`)))
    setTimeout(() => reject(new Error('The benchmark takes too long.')), patienceMs).unref()
  })
}

/** Adds rows as they are measured, so that a later failure does not lose them. */
async function measureAll(rows: Row[]): Promise<void> {
  const run = createRun({
    quick: values.quick ?? false,
    profileDir: values.profile,
    messages: values.messages,
  })
  const place = await makePlace(process.env.DATABASE_URL)
  try {
    say(`On ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${place.description}`)
    for (const [name, measure] of Object.entries(measures)) {
      if (values.only && values.only !== name) continue
      say(`Measuring ${name} …`)
      rows.push(...(await Promise.race([measure(run, place), interrupted])))
    }
  } finally {
    await run.stopAll()
    await place.remove()
  }
}

async function report(rows: Row[]): Promise<void> {
  if (rows.length === 0) return
  say(`\n${table(rows)}`)
  if (values.out) say(`\nWritten to ${await writeResults(values.out, rows)}`)
}

const interrupted = interruption()
interrupted.catch(() => {})
const measured: Row[] = []
try {
  await measureAll(measured)
  await report(measured)
  process.exit(0)
} catch (error) {
  await report(measured)
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(1)
}
