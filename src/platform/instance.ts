import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

// A restarted container has the same host name and process id.
const start = randomBytes(3).toString('hex')

/** Names this process in the log and on its connections to PostgreSQL; unique among all processes. */
export const instance = `${process.pid}.${start} on ${hostname()}`
