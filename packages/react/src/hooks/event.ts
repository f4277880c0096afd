import type { Events } from '@parlance/client'
import { useEffect, useRef } from 'react'
import { useParlance } from '../context.ts'

/** Calls the listener of the latest render at each event, such as `message`, while the component is mounted. */
export function useParlanceEvent<Name extends keyof Events>(
  name: Name,
  listener: (event: Events[Name]) => void,
): void {
  const client = useParlance()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => client.on(name, (event) => latest.current(event)), [client, name])
}
