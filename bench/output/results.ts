import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { Row } from '../report.ts'
import { page } from './page.ts'

/** Writes `bench.json`, for comparisons, and `bench.html`, with the curves. Returns the path of the page. */
export async function writeResults(folder: string, rows: Row[]): Promise<string> {
  const machine = {
    at: new Date().toISOString(),
    cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    node: process.version,
    load: loadavg()[0],
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'bench.json'), `${JSON.stringify({ machine, rows }, null, 1)}\n`)
  const path = join(folder, 'bench.html')
  await writeFile(path, page(`${machine.cpu}, Node ${machine.node}, ${machine.at}`, rows))
  return path
}
