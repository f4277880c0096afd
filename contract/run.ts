import { setTimeout as pause } from 'node:timers/promises'
import { Stream } from './client/stream.ts'
import { runFaults } from './faults/faults.ts'
import { now, type Recorder } from './history.ts'
import { watchLag } from './lag.ts'
import { churn } from './load/churn.ts'
import { readEverything } from './load/final.ts'
import { Load } from './load/load.ts'
import { signInAndOut } from './load/sessions.ts'
import { stage as setStage } from './load/stage.ts'
import { Random } from './random.ts'
import type { Rig } from './rig/rig.ts'

export interface RunOptions {
  ms: number
  seed: number
  faults: string[]
  writers: number
  /** How long devices may take to be complete after everything was healed. */
  settleMs: number
}

/** One run: users at work, faults, and after all faults are healed a full read by everyone. */
export async function run(rig: Rig, recorder: Recorder, options: RunOptions): Promise<void> {
  const random = new Random(options.seed)
  const servers = rig.servers.length
  const stage = await setStage(
    rig.servers.map(({ url }) => url),
    recorder,
  )
  const stopWatching = watchLag(recorder)
  const users = Object.fromEntries(stage.clients.map(({ id, user }) => [id, user]))
  recorder.write({ ph: 'phase', name: 'work', users })
  const streams = stage.clients.map((client, index) => {
    const own = random.fork()
    let next = index
    // Another server each time, as behind a balancer.
    const stream = new Stream(client.on('stream', client.credentials), () => {
      next += own.below(servers)
      return next % servers
    })
    stream.start()
    return { client, stream }
  })
  const load = new Load(stage, random.fork(), servers)
  const until = now() + options.ms
  let faultsOver = false
  const isOver = () => faultsOver && now() > until
  const faults = runFaults(rig, options.faults, random.fork(), () => now() > until, recorder).then(() => {
    faultsOver = true
  })
  const flap = async (own: Random) => {
    while (!isOver()) {
      await pause(own.between(700, 2_500))
      own.pick(streams).stream.cut()
    }
  }
  const work = [
    load.run(options.writers),
    churn(stage, load, { random: random.fork(), servers, isOver }),
    signInAndOut(stage, random.fork(), servers, isOver),
    flap(random.fork()),
  ]
  await faults.finally(() => load.stop())
  await Promise.all(work)
  recorder.write({ ph: 'phase', name: 'healed' })
  await readEverything(stage, streams, options.settleMs)
  await Promise.all(streams.map(({ stream }) => stream.stop()))
  stopWatching()
  recorder.write({ ph: 'phase', name: 'end' })
}
