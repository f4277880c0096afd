// unpack-helm.mjs ARCHIVE TARGET   takes the program helm out of a zip archive that contains it as helm/helm

import { readFileSync, writeFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'

const [archive, target] = process.argv.slice(2)
const zip = readFileSync(archive)

// The record at the end says where the directory is; an entry of it says where the bytes are.
const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
let at = zip.readUInt32LE(end + 16)
for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
  const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
  if (name === 'helm/helm') {
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20))
    const isStored = zip.readUInt16LE(at + 10) === 0
    writeFileSync(target, isStored ? packed : inflateRawSync(packed), { mode: 0o755 })
    process.exit()
  }
  at += 46 + nameLength + extraLength + commentLength
}
throw new Error(`${archive} contains no helm/helm.`)
