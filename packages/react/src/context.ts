import type { Parlance } from '@parlance/client'
import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react'

const Context = createContext<Parlance | null>(null)

/** Gives its children a client, which it neither creates nor closes. */
export const ParlanceProvider = ({
  client,
  children,
}: {
  client: Parlance
  children?: ReactNode
}): ReactElement => createElement(Context.Provider, { value: client }, children)

/** The client of the provider. */
export function useParlance(): Parlance {
  const client = useContext(Context)
  if (!client) throw new Error('There is no ParlanceProvider above this component.')
  return client
}
