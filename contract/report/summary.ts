import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../check/verdict.ts'
import type { Line } from '../history.ts'

/** The verdict of a run, as its folder has it. */
export interface RunVerdict {
  seed: number
  /** Null for a recorded history that was checked once more. */
  postgres: string | null
  operations: number
  events: number
  faults: number
  findings: Finding[]
}

/** What happened in a run. */
export const countsOf = (lines: readonly Line[]): Pick<RunVerdict, 'operations' | 'events' | 'faults'> => {
  const count = (isMeant: (line: Line) => boolean) => lines.filter(isMeant).length
  return {
    operations: count(({ ph }) => ph === 'invoke'),
    events: count(({ ph }) => ph === 'event'),
    faults: count((line) => line.ph === 'fault' && line.at === 'begin'),
  }
}

const thousands = (value: number) => value.toLocaleString('en')

/** The runs whose folders are in this one, in the form of docs/contract.md. */
export async function summaryOf(folder: string): Promise<string> {
  const runs: RunVerdict[] = []
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name, 'verdict.json'), 'utf8').catch(() => null)
    if (text !== null) runs.push(JSON.parse(text) as RunVerdict)
  }
  if (runs.length === 0) throw new Error(`${folder} has no folder with a verdict.json.`)
  const anomalies = ({ findings }: RunVerdict) =>
    findings.reduce((sum, finding) => sum + finding.anomalies.length, 0)
  const examined = new Map<string, number>()
  for (const { promise, examined: more } of runs.flatMap(({ findings }) => findings))
    examined.set(promise, (examined.get(promise) ?? 0) + more)
  return [
    '| seed | PostgreSQL | operations | events | faults | anomalies |',
    '|---|---|---|---|---|---|',
    ...runs.map(
      (run) =>
        `| ${run.seed} | ${run.postgres ?? ''} | ${thousands(run.operations)} | ${thousands(run.events)} | ${run.faults} | ${anomalies(run)} |`,
    ),
    '',
    `Examined in all ${runs.length} runs: ${[...examined].map(([promise, sum]) => `${promise} ${thousands(sum)}`).join(', ')}.`,
  ].join('\n')
}
