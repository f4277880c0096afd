import { parseArgs } from 'node:util'
import { faults } from './faults/faults.ts'
import { engines } from './rig/postgres.ts'

export const help = `npm run contract [-- OPTIONS]

  --minutes N     how long users and faults are at work (default 1)
  --seed N        decides every choice of the run (default: the time)
  --faults A,B    which faults happen (default: all): ${Object.keys(faults).join(', ')}
  --postgres P    embedded (default), or debian for the newest one of Debian's packages
  --servers N     how many servers (default 2)
  --writers N     how many operations at once (default 4)
  --out DIR       where history.jsonl, verdict.json and timeline.html go (default contract-run)
  --check FILE    checks a recorded history instead of running
  --summary DIR   prints the verdicts of the runs in the folders of DIR as the tables of docs/contract.md
  DATABASE_URL    an empty database to use instead of --postgres

Exit code: 0 if every promise held, 1 if one is broken.
`

export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string' },
      faults: { type: 'string', default: Object.keys(faults).join(',') },
      postgres: { type: 'string', default: 'embedded' },
      servers: { type: 'string', default: '2' },
      writers: { type: 'string', default: '4' },
      out: { type: 'string', default: 'contract-run' },
      check: { type: 'string' },
      summary: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const number = (name: string, text: string) => {
    const value = Number(text)
    if (!(value > 0)) throw new Error(`--${name} ${text} is no positive number.`)
    return value
  }
  const chosen = values.faults.split(',').filter(Boolean)
  const unknown = chosen.filter((name) => !faults[name])
  if (unknown.length > 0) throw new Error(`Unknown faults: ${unknown.join(', ')}.`)
  if (!engines[values.postgres]) throw new Error(`--postgres ${values.postgres} is unknown.`)
  return {
    postgres: values.postgres,
    ms: number('minutes', values.minutes) * 60_000,
    seed: values.seed === undefined ? Date.now() % 1_000_000 : number('seed', values.seed),
    faults: chosen,
    servers: number('servers', values.servers),
    writers: number('writers', values.writers),
    out: values.out,
    check: values.check ?? null,
    summary: values.summary ?? null,
    help: values.help ?? false,
  }
}
