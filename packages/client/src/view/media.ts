import { MediaItems, type MediaPartsFragment } from '../generated/documents.ts'
import { computed, type Signal, signal, whileRead } from '../signal.ts'
import type { Perform } from '../transport/perform.ts'

export type Media = MediaPartsFragment

export interface MediaView extends Signal<Media> {
  /** Asks for new addresses: call it when an image, a video or a download fails to load. */
  refresh(): Promise<void>
}

/** The most media items of one request. */
const itemsAtOnce = 100

/**
 * Media items with addresses that work: those in a message expire. An address that is expired by the clock of the device
 * is replaced when it is on screen; with a wrong clock, `refresh` replaces it when it fails.
 */
export function createMedia(perform: Perform): (media: Media) => MediaView {
  const fresh = signal<Readonly<Record<string, Media>>>({})
  let asked: { ids: Set<string>; answer: Promise<void> } | null = null

  // One request for all items of a screen.
  function ask(id: string): Promise<void> {
    if (asked) {
      asked.ids.add(id)
      return asked.answer
    }
    const ids = new Set([id])
    const answer = new Promise<void>((resolve) => setTimeout(resolve)).then(async () => {
      asked = null
      const rest = [...ids]
      while (rest.length > 0) {
        const { nodes } = await perform(MediaItems, { ids: rest.splice(0, itemsAtOnce) })
        const items = nodes.flatMap((node) => (node && 'urlExpiresAt' in node ? [node as Media] : []))
        fresh.set({ ...fresh.get(), ...Object.fromEntries(items.map((item) => [item.id, item])) })
      }
    })
    asked = { ids, answer }
    return answer
  }

  const later = (a: Media, b: Media) => ((a.urlExpiresAt ?? '') >= (b.urlExpiresAt ?? '') ? a : b)

  return (media) => {
    const source = computed([fresh], () => {
      const other = fresh.get()[media.id]
      return other ? later(other, media) : media
    })
    const refresh = () => ask(media.id)
    return {
      ...whileRead(source, () => {
        const { urlExpiresAt } = source.get()
        if (urlExpiresAt && Date.parse(urlExpiresAt) <= Date.now()) refresh().catch(() => {})
        return () => {}
      }),
      refresh,
    }
  }
}
