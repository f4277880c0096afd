import type { MediaLinks } from './links.ts'

/** The parts that media are served with. */
export interface Media {
  links: MediaLinks
}
