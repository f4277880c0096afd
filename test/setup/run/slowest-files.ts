import type { Reporter, TestModule } from 'vitest/node'
import { slowFiles } from './slow-files.ts'

const shown = 10
const limitMs = 30_000

/** Prints the slowest files, each with its reason. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length < 2) return
    const times = modules.map((module) => ({ file: module.relativeModuleId, ms: durationOf(module) }))
    const slowest = times.sort((a, b) => b.ms - a.ms).slice(0, shown)
    process.stdout.write(`\nThe slowest files:\n${slowest.map(describe).join('\n')}\n`)
  }
}

function durationOf(module: TestModule): number {
  const { duration, collectDuration, setupDuration } = module.diagnostic()
  return duration + collectDuration + setupDuration
}

function describe({ file, ms }: { file: string; ms: number }): string {
  const reason =
    slowFiles[file] ?? (ms > limitMs ? 'over 30 s, without a reason in test/setup/run/slow-files.ts' : '')
  return `${(ms / 1000).toFixed(1).padStart(7)} s  ${file}${reason && `: ${reason}`}`
}
