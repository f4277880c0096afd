import { isUtf8 } from 'node:buffer'

// Tab, line feed, form feed, carriage return and escape. Other control characters do not occur in text.
const controlsInText = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b])

/** Whether the beginning of a file is text in UTF-8, or in UTF-16 with a byte order mark. */
export function isText(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return decodes('utf-16le', bytes)
  if (mark === 'feff') return decodes('utf-16be', bytes)
  return isUtf8(wholeCharacters(bytes)) && bytes.every((byte) => byte >= 0x20 || controlsInText.has(byte))
}

function decodes(encoding: string, bytes: Buffer): boolean {
  try {
    // The end of the head may lie inside a character.
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Drops an incomplete multi-byte character at the end of the head. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back)
    if (byte < 0x80) break
  }
  return bytes
}
