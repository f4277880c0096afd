import type { Signal } from '@parlance/client'
import { type MaybeRefOrGetter, type ShallowRef, shallowRef, toValue, watch } from 'vue'

/** The value of a signal, kept up to date until the component unmounts. A getter may return another signal later. */
export function useSignal<Value>(source: MaybeRefOrGetter<Signal<Value>>): Readonly<ShallowRef<Value>> {
  const value = shallowRef() as ShallowRef<Value>
  watch(
    () => toValue(source),
    (signal, _, onCleanup) => {
      const read = () => {
        value.value = signal.get()
      }
      onCleanup(signal.subscribe(read))
      read()
    },
    { immediate: true, flush: 'sync' },
  )
  return value
}
