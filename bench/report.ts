import type { Cost } from './server.ts'

/** Completed units, elapsed time and CPU cost. */
export interface Rate {
  perSecond: number
  serverMicros: number | null
  databaseMicros: number | null
}

/** Units of one round: in the measured time, and in all. */
export interface Round {
  count: number
  seconds: number
  total: number
}

/** CPU cost covers all units, because it is read before and after. */
export function rateOf({ count, seconds, total }: Round, before: Cost, after: Cost): Rate {
  const each = (one: number | null, other: number | null) =>
    one === null || other === null || total === 0 ? null : (other - one) / total
  return {
    perSecond: count / seconds,
    serverMicros: each(before.server, after.server),
    databaseMicros: each(before.database, after.database),
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 ? middle : middle - 1], sorted[middle]]
  return ((low ?? 0) + (high ?? 0)) / 2
}

/** Ratio to the floor of consecutive rounds, which share the machine's load. */
export function pairedRatio(ours: { perSecond: number }[], floor: { perSecond: number }[]): number {
  return median(ours.map(({ perSecond }, round) => perSecond / (floor[round]?.perSecond ?? Number.NaN)))
}

/** Medians over several rounds. */
export function medianRate(rounds: Rate[]): Rate {
  const known = (values: (number | null)[]) => values.filter((value) => value !== null)
  const medianOf = (values: (number | null)[]) => (known(values).length > 0 ? median(known(values)) : null)
  return {
    perSecond: median(rounds.map((round) => round.perSecond)),
    serverMicros: medianOf(rounds.map((round) => round.serverMicros)),
    databaseMicros: medianOf(rounds.map((round) => round.databaseMicros)),
  }
}

export interface Row {
  what: string
  ours: string
  floor: string
  /** Ratio to the floor. */
  ratio: number
  aim: { atLeast: number } | { atMost: number } | null
  /** The measured values of all rounds. */
  values?: { ours: number[]; floor: number[] }
  /** The place of the row in a curve. */
  point?: Point
}

/** A point of a curve: how a value grows with a size. */
export interface Point {
  curve: string
  /** What is counted by `x`, such as pairs. */
  sizes: string
  x: number
  unit: string
  ours: number
  floor: number
}

const headings = ['', 'Parlance', 'floor', 'ratio', 'aim', '']

export function table(rows: Row[]): string {
  const lines = [headings, ...rows.map(cells)]
  const widths = headings.map((_heading, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cells({ what, ours, floor, ratio, aim }: Row): string[] {
  const wanted = aim === null ? '' : 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`
  return [
    what,
    ours,
    floor,
    ratio.toPrecision(3),
    wanted,
    aim === null ? '' : meets(ratio, aim) ? 'met' : 'MISSED',
  ]
}

export const meets = (ratio: number, aim: NonNullable<Row['aim']>) =>
  'atLeast' in aim ? ratio >= aim.atLeast : ratio <= aim.atMost

export function rateText({ perSecond, serverMicros, databaseMicros }: Rate): string {
  const costs = [
    serverMicros === null ? null : `${serverMicros.toPrecision(3)} µs`,
    databaseMicros === null ? null : `database ${databaseMicros.toPrecision(3)} µs`,
  ].filter((cost) => cost !== null)
  return `${Math.round(perSecond).toLocaleString('en')}/s${costs.length > 0 ? ` (${costs.join(', ')})` : ''}`
}
