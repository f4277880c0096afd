import { type ReactNode, Suspense } from 'react'
import { RelayEnvironmentProvider } from 'react-relay'
import { create } from 'react-test-renderer'
import type { AppSettings, RelayApp, Screen } from '../app.ts'
import { createChatEnvironment } from './environment.ts'
import { History } from './history.tsx'
import { receiveEvents } from './inbox.ts'
import { Members } from './members.tsx'

export function createRelayApp(settings: AppSettings): RelayApp {
  const requests: string[] = []
  const received: string[] = []
  const closing: (() => void)[] = []
  const { environment, close } = createChatEnvironment(settings, requests)

  function show(content: ReactNode): Screen {
    const renderer = create(
      <RelayEnvironmentProvider environment={environment}>
        <Suspense fallback={null}>{content}</Suspense>
      </RelayEnvironmentProvider>,
    )
    const found = (type: string) =>
      renderer.toJSON() ? renderer.root.findAll((node) => node.type === type) : []
    const unmount = () => renderer.unmount()
    closing.push(unmount)
    return {
      rows: () => found('li').map(({ children }) => children.join('')),
      buttons: () => found('button').map(({ props }) => String(props.name)),
      press: (button) =>
        found('button')
          .find(({ props }) => props.name === button)
          ?.props.onClick(),
      close: unmount,
    }
  }

  return {
    requests,
    received,
    history: (id, opening) => show(<History id={id} {...opening} />),
    members: (id, opening) => show(<Members id={id} {...opening} />),
    receiveEvents(after) {
      const { dispose } = receiveEvents(environment, after, (type) => received.push(type))
      closing.push(dispose)
    },
    objects: () =>
      Object.entries(environment.getStore().getSource().toJSON()).flatMap(([key, record]) =>
        typeof record?.id === 'string' ? [{ key, id: record.id, type: String(record.__typename) }] : [],
      ),
    close() {
      for (const end of closing) end()
      return close()
    },
  }
}
