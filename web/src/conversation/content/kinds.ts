import type { Message } from '@parlance/client'

export type Content = Message['content']
/** The content of one kind. */
export type ContentOf<Kind extends Content['__typename']> = Extract<Content, { __typename: Kind }>
export type Media = NonNullable<ContentOf<'ImageContent'>['media']>

/** The size of a picture on screen, known before it is loaded so that nothing moves. */
export function shownSize({ width, height }: Media, max = { width: 320, height: 360 }) {
  const [w, h] = [width ?? 320, height ?? 200]
  const scale = Math.min(1, max.width / w, max.height / h)
  return { width: Math.max(96, Math.round(w * scale)), height: Math.max(72, Math.round(h * scale)) }
}

const units = ['B', 'KB', 'MB', 'GB']

export function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1_000)))
  const value = bytes / 1_000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}
