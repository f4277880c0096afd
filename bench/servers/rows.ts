import { median, type Row } from '../report.ts'
import type { ClusterCost } from './cluster.ts'

/** One round with some of the servers. */
export interface ServersRate {
  perSecond: number
  /** CPU time per message. */
  cost: ClusterCost
  p50: number
  p99: number
  clientMicros: number
}

interface Side {
  count: number
  rates: ServersRate[]
}

const aim = { atLeast: 1.6 }

/** Several servers beside one: the rate on this machine, and the rate of servers that have a core each. */
export function serversRows(load: string, sides: Side[]): Row[] {
  const [one, ...others] = sides
  if (!one) return []
  return others.flatMap((side) => {
    const ratios = (value: (rate: ServersRate, count: number) => number) =>
      side.rates.map((rate, round) => {
        const base = one.rates[round]
        return base ? value(rate, side.count) / value(base, one.count) : Number.NaN
      })
    const rates = ratios(({ perSecond }) => perSecond)
    const rooms = ratios(perSecondOfCores)
    return [
      {
        what: `${load}, ${side.count} servers beside one`,
        ours: rateText(side),
        floor: rateText(one),
        ratio: median(rates),
        aim: null,
        values: { ours: side.rates.map(perSecond), floor: one.rates.map(perSecond) },
      },
      {
        what: '  if each server had a core',
        ours: costText(side),
        floor: costText(one),
        ratio: median(rooms),
        aim,
      },
    ]
  })
}

const perSecond = (rate: ServersRate) => rate.perSecond

/** Of servers that have a core each, until the database is full. */
const perSecondOfCores = ({ cost }: ServersRate, count: number) => (count * 1e6) / cost.servers

const rounded = (rates: ServersRate[], value: (rate: ServersRate) => number) =>
  Math.round(median(rates.map(value))).toLocaleString('en')

const rateText = ({ rates }: Side) =>
  `${rounded(rates, perSecond)}/s, p50 ${rounded(rates, ({ p50 }) => p50)} ms, p99 ${rounded(rates, ({ p99 }) => p99)} ms`

const costText = ({ rates }: Side) =>
  `${rounded(rates, ({ cost }) => cost.servers)} µs, Redis ${rounded(rates, ({ cost }) => cost.redis)} µs, ` +
  `database ${rounded(rates, ({ cost }) => cost.database)} µs, clients ${rounded(rates, ({ clientMicros }) => clientMicros)} µs`
