interface Parts {
  bus: { readonly healthy: boolean }
  search: { worker: { readonly up: boolean } }
}

/** Features that are limited because a part of the server is unavailable. */
export function degradedFeatures({ bus, search }: Parts): string[] {
  return [...(bus.healthy ? [] : ['live']), ...(search.worker.up ? [] : ['search'])]
}
