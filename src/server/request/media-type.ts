export type MediaType = 'application/json' | 'application/graphql-response+json'

const offered: MediaType[] = ['application/json', 'application/graphql-response+json']

/** Media type of the response, in the client's order of preference; null if it accepts neither. */
export function mediaTypeFor(accept: string | undefined): MediaType | null {
  if (!accept) return 'application/json'
  let best: { type: MediaType; weight: number } | null = null
  for (const range of accept.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const type = offered.find((media) => matches(name, media))
    const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1)
    if (type && weight > (best?.weight ?? 0)) best = { type, weight }
  }
  return best?.type ?? null
}

const matches = (range: string, type: MediaType) =>
  range === type || range === '*/*' || range === 'application/*'

export const acceptsHtml = (accept: string | undefined) => accept?.includes('text/html') ?? false

/** Whether the client wants the results as server-sent events: it accepts these, and no JSON. */
export const wantsEvents = (accept: string | undefined) =>
  (accept?.toLowerCase().includes('text/event-stream') ?? false) && !/json/i.test(accept ?? '')
