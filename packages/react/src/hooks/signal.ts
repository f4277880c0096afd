import type { Signal } from '@parlance/client'
import { useSyncExternalStore } from 'react'

/** The value of a signal. The component subscribes while it is mounted, and renders again after each change. */
export const useSignal = <Value>({ subscribe, get }: Signal<Value>): Value =>
  useSyncExternalStore(subscribe, get, get)
