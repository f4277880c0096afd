import type { Finding } from '../check/verdict.ts'

const shownAnomalies = 5

/** One line for each promise, and the first anomalies of those that are broken. */
export function textOf(findings: Finding[]): string {
  return findings
    .flatMap(({ promise, examined, anomalies }) => [
      `${promise.padEnd(4)} ${anomalies.length === 0 ? 'held  ' : 'BROKEN'} ${String(examined).padStart(7)} examined, ${anomalies.length} anomalies`,
      ...anomalies.slice(0, shownAnomalies).map(({ check, detail }) => `       ${check}: ${detail}`),
    ])
    .join('\n')
}
