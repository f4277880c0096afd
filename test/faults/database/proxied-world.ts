import { afterAll } from 'vitest'
import { useWorld, type World } from '../../world/world.ts'
import { DatabaseProxy } from './proxy.ts'

/** A server that reaches its database through a proxy, which tests reach without it. */
export function useProxiedWorld(env: Record<string, string> = {}): { world: World; proxy(): DatabaseProxy } {
  let proxy: DatabaseProxy | null = null
  // The last one runs first: the server ends before it.
  afterAll(() => proxy?.close())
  const world = useWorld(env, {}, async (databaseUrl) => {
    proxy = await DatabaseProxy.before(databaseUrl)
    return proxy.url
  })
  return {
    world,
    proxy() {
      if (!proxy) throw new Error('The server has not been started.')
      return proxy
    },
  }
}
