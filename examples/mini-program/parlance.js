import { createParlance } from '@parlance/client'
import { miniProgram } from '@parlance/client/wx'

export const connect = () => createParlance({ url: 'http://localhost:4000', ...miniProgram(wx) })
