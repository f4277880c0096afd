import type pg from 'pg'
import { OperatorError } from '../operator-error.ts'
import { codeOfError, writeFaults } from './outage.ts'

/** Observes each error that the database reports on a connection; the driver has no public event for that. */
export function onDatabaseError(client: pg.PoolClient, listener: (error: pg.DatabaseError) => void): void {
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  connection.on('errorMessage', listener)
}

/** A fault of the database at start in one sentence for the operator; other errors are returned as they are. */
export function explainStartFault(error: unknown): unknown {
  if (error instanceof OperatorError) return error
  const code = codeOfError(error) ?? ''
  const [text = ''] = String((error as Error).message).split('\n')
  if (code === insufficientPrivilege)
    return new OperatorError(
      `The database role lacks a permission (${text}); make it the owner of the database.`,
    )
  const reason = writeFaults[code]
  return reason ? new OperatorError(`The database takes no writes: ${reason} (${text}).`) : error
}

const insufficientPrivilege = '42501'
