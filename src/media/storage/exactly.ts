import { Transform } from 'node:stream'
import { invalidInput } from '../../errors.ts'

const wrongSize = (byteSize: number) =>
  invalidInput({ path: 'byteSize', message: `the upload was to have ${byteSize} bytes` })

/** Lets exactly so many bytes through: it refuses at the first one too many, and at the end of too few. */
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
