import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const chart = join(import.meta.dirname, '../../deploy/helm')

export interface Ended {
  code: number | null
  output: string
  error: string
}

/** Runs helm, which needs neither a cluster nor a network for this. */
export function helm(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync('helm', args, { encoding: 'utf8', maxBuffer: 1e8 })
  return { code: status, output: stdout, error: stderr }
}

export const hasHelm = (): boolean => helm('version').code === 0
