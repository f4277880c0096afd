import type { Parlance } from '@parlance/client'
import { type App, type InjectionKey, inject, provide } from 'vue'

const key: InjectionKey<Parlance> = Symbol('parlance')

/** Plugin that makes a client available to all components of an application. */
export const parlancePlugin = {
  install: (app: App, parlance: Parlance) => void app.provide(key, parlance),
}

/** Makes a client available to the descendants of the current component. */
export const provideParlance = (parlance: Parlance): void => provide(key, parlance)

/** The client that the application or a parent component provides. */
export function useParlance(): Parlance {
  const parlance = inject(key, null)
  if (!parlance) throw new Error('No client is provided; call app.use(parlancePlugin, createParlance(…)).')
  return parlance
}
