import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Measured {
  bytes: number
  sha256: string
}

/** Passes bytes on, and shows their sum. */
export function count(show: (bytes: number) => void): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      show(bytes)
      done(null, chunk)
    },
  })
}

/** Passes bytes on, and counts and hashes them. */
export function measure(): Transform & { measured(): Measured } {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return Object.assign(stream, { measured: () => ({ bytes, sha256: hash.digest('hex') }) })
}

export const measureFile = (path: string): Promise<Measured> => measureStream(createReadStream(path))

async function measureStream(source: Readable): Promise<Measured> {
  const meter = measure()
  await pipeline(source, meter.resume())
  return meter.measured()
}
