import { type Context, createContext, type Services } from '../context.ts'

/** What the worker reads with, on nobody's behalf; what it has loaded it forgets with it. */
export function backgroundContext(services: Services, requestId: string): Context {
  return createContext(services, { viewer: null, requestId, origin: services.config.publicUrl ?? '' })
}
