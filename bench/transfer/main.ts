import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { serverProgram } from '../../contract/rig/program.ts'
import { makePlace, type Place } from '../place.ts'
import { createRun, type Run } from '../run.ts'
import { authSecret } from '../server.ts'
import { type Ended, runCommand } from './command.ts'
import { fill, type Sizes } from './fill.ts'

// npm run bench:transfer [-- --messages 2000000]   see docs/benchmarks.md

const { values } = parseArgs({ options: { messages: { type: 'string', default: '2000000' } } })
const say = (text: string) => void process.stdout.write(`${text}\n`)

/** The first shows what a command takes for itself. */
const sizes: Sizes[] = [
  { messages: 10_000, files: 0, fileBytes: 0, largeBytes: 0 },
  { messages: Number(values.messages), files: 0, fileBytes: 0, largeBytes: 0 },
  { messages: 10_000, files: 10_000, fileBytes: 20_000, largeBytes: 1_500_000_000 },
]

const mega = (bytes: number) => Math.round(bytes / 1e6)

function show(what: string, { seconds, peakBytes, cpuSeconds }: Ended, bytes: number): void {
  const each = `${seconds.toFixed(1)} s, ${mega(bytes / seconds)} MB/s`
  say(`  ${what.padEnd(24)} ${each}, ${cpuSeconds.toFixed(1)} s of CPU, peak ${mega(peakBytes)} MB resident`)
}

async function measure(run: Run, size: Sizes): Promise<void> {
  const place = await ownPlace(run)
  await fill(place, size)
  const program = await serverProgram()
  const command = (args: string[], { env, dataDir }: Place) =>
    runCommand(program, args, { ...env, DATA_DIR: dataDir, AUTH_SECRET: authSecret })
  const folder = join((await ownPlace(run)).dataDir, 'backup')
  const written = await command(['backup', folder, '--json'], place)
  const rowBytes = await textBytes(folder)
  const mediaBytes = size.files * size.fileBytes + size.largeBytes
  say(
    `${size.messages.toLocaleString('en')} messages and what belongs to them, ${mega(rowBytes)} MB; uploads, ${mega(mediaBytes)} MB`,
  )
  show('backup', written, rowBytes + mediaBytes)
  const target = await ownPlace(run)
  const restored = await command(['restore', folder, '--json'], target)
  show('restore', restored, rowBytes + mediaBytes)
  const rows = [written, restored].map(({ stdout }) => (JSON.parse(stdout) as { rows: number }).rows)
  if (rows[0] !== rows[1]) throw new Error(`${rows[1]} of ${rows[0]} rows were restored.`)
}

/** The rows of a backup as text. */
async function textBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const file of await readdir(join(folder, 'tables')))
    for await (const chunk of createReadStream(join(folder, 'tables', file)).pipe(createGunzip()))
      bytes += (chunk as Buffer).length
  return bytes
}

async function ownPlace(run: Run): Promise<Place> {
  const place = await makePlace(process.env.DATABASE_URL)
  await run.use({ stop: place.remove })
  return place
}

const run = createRun({ quick: false, profileDir: undefined })
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => void run.stopAll().finally(() => process.exit(1)))
try {
  say(`On ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
  for (const size of sizes) {
    await measure(run, size)
    await run.stopAll()
  }
} finally {
  await run.stopAll()
}
