import { Transform } from 'node:stream'
import { invalidInput } from '../../errors.ts'

const wrongSize = (byteSize: number) =>
  invalidInput({ path: 'byteSize', message: `must be ${byteSize}, as announced` })

/** Passes exactly this many bytes: fails at the first byte too many, or at the end when bytes are missing. */
export function exactly(byteSize: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > byteSize) done(wrongSize(byteSize))
      else done(null, chunk)
    },
    flush(done) {
      done(seen === byteSize ? null : wrongSize(byteSize))
    },
  })
}
