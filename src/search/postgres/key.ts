/** A 32-bit hash, which takes less room in an index than an id. What it finds is compared by the id, too. */
export function keyOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  // The low bits of a product depend on few of its bits.
  return (hash ^ (hash >>> 15)) | 0
}
