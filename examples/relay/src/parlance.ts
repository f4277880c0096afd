import { createCarrier } from '@parlance/client/adapter'
import { Environment, Network, Observable, RecordSource, Store } from 'relay-runtime'

const carrier = createCarrier({ url: 'http://localhost:4000' })
const network = Network.create(
  ({ text }, variables) => carrier.query(String(text), variables) as never,
  ({ text }, variables) =>
    Observable.create(({ next, error, complete }) => {
      const end = (cause: unknown) => (cause ? error(cause as Error) : complete())
      return carrier.subscribe(String(text), variables, { next: (data: object) => next({ data }), end })
    }),
)
export const { session } = carrier
export const createEnvironment = () => new Environment({ network, store: new Store(new RecordSource()) })
