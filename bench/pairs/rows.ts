import { median, type Point, pairedRatio, type Row } from '../report.ts'

/** One round of pairs. */
export interface TalkRate {
  perSecond: number
  serverMicros: number
  databaseMicros: number
  clientMicros: number
  p50: number
  p99: number
}

interface Aims {
  rate: Row['aim']
  cost: Row['aim']
}

/** The rate with its latencies, and the CPU time of server and database per message. */
export function talkRows(pairs: number, ours: TalkRate[], others: TalkRate[], aims: Aims): Row[] {
  const ratioOf = (value: (rate: TalkRate) => number) =>
    pairedRatio(
      ours.map((rate) => ({ perSecond: value(rate) })),
      others.map((rate) => ({ perSecond: value(rate) })),
    )
  const row = (
    name: string,
    text: (rounds: TalkRate[]) => string,
    ratio: number,
    aim: Row['aim'],
    values: (rate: TalkRate) => number,
    curve: Pick<Point, 'curve' | 'unit'>,
  ): Row => {
    const all = { ours: ours.map(values), floor: others.map(values) }
    const point = { ...curve, sizes: 'pairs', x: pairs, ours: median(all.ours), floor: median(all.floor) }
    return { what: name, ours: text(ours), floor: text(others), ratio, aim, values: all, point }
  }
  const medianOf = (rounds: TalkRate[], key: keyof TalkRate) => median(rounds.map((rate) => rate[key]))
  const rounded = (rounds: TalkRate[], key: keyof TalkRate) =>
    Math.round(medianOf(rounds, key)).toLocaleString('en')
  return [
    row(
      `1:1, ${pairs} pairs`,
      (rounds) =>
        `${rounded(rounds, 'perSecond')}/s, p50 ${rounded(rounds, 'p50')} ms, p99 ${rounded(rounds, 'p99')} ms`,
      ratioOf(({ perSecond }) => perSecond),
      aims.rate,
      ({ perSecond }) => perSecond,
      { curve: '1:1 messages', unit: '/s' },
    ),
    row(
      '  CPU time per message of server and database',
      (rounds) =>
        `${rounded(rounds, 'serverMicros')} + ${rounded(rounds, 'databaseMicros')} µs, clients ${rounded(rounds, 'clientMicros')} µs`,
      ratioOf(costOf),
      aims.cost,
      costOf,
      { curve: 'CPU time per 1:1 message', unit: 'µs' },
    ),
  ]
}

const costOf = ({ serverMicros, databaseMicros }: TalkRate) => serverMicros + databaseMicros
