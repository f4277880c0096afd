interface Parts {
  bus: { readonly healthy: boolean }
  search: { worker: { readonly up: boolean } }
}

/** Features that are limited because a part of the server is unavailable. */
export function degradedFeatures({ bus, search }: Parts): ('live' | 'search')[] {
  return [...(bus.healthy ? [] : (['live'] as const)), ...(search.worker.up ? [] : (['search'] as const))]
}
