import type { Actor, EventLine, FaultLine, Line, OperationName, StreamLine } from '../history.ts'

export interface Operation extends Actor {
  op: number
  f: OperationName
  in: Record<string, unknown>
  begin: number
  /** Infinity if the run ended before it. */
  end: number
  result: 'ok' | 'fail' | 'info'
  out: Record<string, unknown>
  code: string | null
}

/** A time in which a fault may have an effect, and the part in which it certainly has. */
export interface Trouble {
  name: string
  server: number | null
  begin: number
  holds: number
  heals: number
  end: number
  detail: Record<string, unknown>
}

export interface History {
  operations: Operation[]
  events: EventLine[]
  streams: StreamLine[]
  troubles: Trouble[]
  lines: Line[]
}

/** Pairs the lines of a history. Nothing here knows the server: it reads what clients saw. */
export function historyOf(lines: Line[]): History {
  const operations = new Map<number, Operation>()
  const troubles: Trouble[] = []
  for (const line of lines) {
    if (line.ph === 'invoke') {
      const { op, f, user, device, server, in: given, t } = line
      operations.set(op, {
        ...{ op, f, user, device, server, in: given, begin: t },
        ...{ end: Number.POSITIVE_INFINITY, result: 'info', out: {}, code: 'UNFINISHED' },
      })
    } else if (line.ph === 'ok' || line.ph === 'fail' || line.ph === 'info') {
      const operation = operations.get(line.op)
      if (operation)
        Object.assign(operation, {
          end: line.t,
          result: line.ph,
          out: line.out ?? {},
          code: line.code ?? null,
        })
    } else if (line.ph === 'fault') addFault(troubles, line)
  }
  return {
    operations: [...operations.values()],
    events: lines.filter((line): line is EventLine => line.ph === 'event'),
    streams: lines.filter((line): line is StreamLine => line.ph === 'open' || line.ph === 'close'),
    troubles,
    lines,
  }
}

function addFault(troubles: Trouble[], { name, at, t, server, detail }: FaultLine): void {
  const never = Number.POSITIVE_INFINITY
  if (at === 'begin')
    troubles.push({ name, server: null, begin: t, holds: never, heals: never, end: never, detail: {} })
  const trouble = troubles.findLast((each) => each.name === name)
  if (!trouble) return
  trouble[at] = t
  trouble.server = server ?? trouble.server
  trouble.detail = detail ?? trouble.detail
}

/** Whether a fault of one of these kinds may have an effect between two times. */
export const troubled = (history: History, begin: number, end: number, kinds: RegExp, server?: number) =>
  history.troubles.some(
    (trouble) =>
      kinds.test(trouble.name) &&
      trouble.begin <= end &&
      begin <= trouble.end &&
      (server === undefined || trouble.server === null || trouble.server === server),
  )
