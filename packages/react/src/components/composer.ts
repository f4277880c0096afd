import { createElement, Fragment, type ReactElement, type ReactNode } from 'react'
import { type UseComposer, useComposer } from '../hooks/composer.ts'
import { useCurrentConversation } from './conversation.ts'

export interface ComposerParts extends UseComposer {
  /** Properties of the form. */
  form: { onSubmit(event: { preventDefault(): void }): void }
  /** Properties of an `input` or a `textarea`. */
  input: { value: string; onChange(event: { target: { value: string } }): void }
}

/** The text field of the `Conversation` around it. It adds no elements of its own. */
export function Composer({ children }: { children(parts: ComposerParts): ReactNode }): ReactElement {
  const composer = useComposer(useCurrentConversation())
  const parts: ComposerParts = {
    ...composer,
    form: {
      onSubmit(event) {
        event.preventDefault()
        // A message that failed stays among the pending ones.
        composer.submit()?.catch(() => {})
      },
    },
    input: { value: composer.text, onChange: ({ target }) => composer.setText(target.value) },
  }
  return createElement(Fragment, null, children(parts))
}
