import { expect, test } from 'vitest'
import { contentType, headBytes } from '../../../src/media/upload/content-type.ts'
import { loopLagOf } from '../../world/probe/loop-lag.ts'

const filled = (start: number[], fill: number) =>
  Buffer.concat([Buffer.from(start), Buffer.alloc(headBytes - start.length, fill)])

test.each([
  ['text', Buffer.alloc(headBytes, 'é')],
  ['ID3 headers in a row', Buffer.alloc(headBytes, 'ID3\u0003\0\0\0\0\0\0')],
  ['a zip without an end', filled([0x50, 0x4b, 0x03, 0x04], 0)],
  ['Matroska elements without an end', filled([0x1a, 0x45, 0xdf, 0xa3], 0x80)],
  ['PNG chunks of no length', filled([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0)],
  ['ASF objects of no length', filled([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9], 0)],
])('the type of %s is found without blocking the event loop', async (_name, head) => {
  expect(await loopLagOf(() => contentType(head, 'video/mp4'))).toBeLessThan(50)
})
