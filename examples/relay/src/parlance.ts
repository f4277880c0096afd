import { createCarrier } from '@parlance/client/adapter'
import { Environment, RecordSource, Store } from 'relay-runtime'
import { createNetwork } from './network.ts'

const carrier = createCarrier({ url: 'http://localhost:4000' })
export const { session } = carrier
export const createEnvironment = () =>
  new Environment({ network: createNetwork(carrier), store: new Store(new RecordSource()) })
