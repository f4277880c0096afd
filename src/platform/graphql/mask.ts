import { type ExecutionResult, GraphQLError, Kind, OperationTypeNode } from 'graphql'
import type { Logger } from 'pino'
import {
  type ErrorCode,
  type ErrorDetails,
  type ErrorExtensions,
  type Issue,
  Refusal,
  refuse,
} from '../../errors.ts'
import { codeOfError } from '../db/outage.ts'
import type { Outages } from '../db/outages.ts'

export interface ErrorReport {
  log: Logger
  requestId: string
  outages: Outages
  config: { databaseUrl?: string | undefined; introspection: boolean }
  viewer: { userId: string; sessionId: string } | null
}

/** A refusal as a GraphQL error. */
export function refusedAs(refusal: Refusal): GraphQLError {
  return new GraphQLError(refusal.message, { originalError: refusal })
}

/** Masks the errors of a result. */
export function formatResult(
  result: ExecutionResult,
  report: ErrorReport,
  operation: OperationTypeNode = OperationTypeNode.QUERY,
): ExecutionResult {
  if (!result.errors) return result
  return { ...result, errors: result.errors.map((error) => maskError(error, report, operation)) }
}

/** Converts an error for the client: a refusal keeps its code, others are logged and masked. */
export function maskError(
  error: GraphQLError,
  report: ErrorReport,
  operation: OperationTypeNode = OperationTypeNode.QUERY,
): GraphQLError {
  const refusal = refusalOf(error, report, operation)
  const extensions = extensionsOf(refusal)
  const { nodes, source, positions, path } = error
  const message = shortened(visibleTo(refusal.message, report), messageMax)
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { ...extensions } })
}

/** `extensions` of a refusal, as clients receive it. */
export const extensionsOf = ({ code, details }: Refusal): ErrorExtensions => ({
  code,
  ...(code === 'UNAVAILABLE' ? { retryable: true } : {}),
  ...shortDetails(details),
})

/** Who may not read the schema does not learn its names from the suggestions of graphql-js. */
const visibleTo = (message: string, { config, viewer }: ErrorReport) =>
  config.introspection && (viewer || !config.databaseUrl)
    ? message
    : message.replace(/ Did you mean [^?]*\?$/s, '')

const messageMax = 500
const detailMax = 200
const issuesMax = 20

/** Details may contain what the client sent, such as the path of an issue or an id. */
function shortDetails({ issues, ...details }: ErrorDetails): ErrorDetails {
  return shortTexts({ ...details, ...(issues && { issues: issues.slice(0, issuesMax) }) }) as ErrorDetails
}

function shortTexts(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value, detailMax)
  if (Array.isArray(value)) return value.map(shortTexts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shortTexts(part)]))
}

/** The text without its middle: what a message quotes stands before its reason. */
function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  const half = Math.floor(max / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`.replace(loneSurrogates, '')
}

const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

export const codeOf = (error: GraphQLError) => error.extensions.code as ErrorCode

function refusalOf(error: GraphQLError, report: ErrorReport, operation: OperationTypeNode): Refusal {
  const cause = causeOf(error)
  // In a mutation, an error below the root field occurs after the change was made.
  const afterwards = operation === OperationTypeNode.MUTATION && (error.path?.length ?? 0) > 1
  if (cause instanceof Refusal) return afterwards && cause.code === 'UNAVAILABLE' ? outcomeUnknown() : cause
  if (cause instanceof GraphQLError && isCallersFault(cause, error)) return malformed(error.message)

  const { log, requestId, outages, viewer } = report
  const fields = { requestId, userId: viewer?.userId, sessionId: viewer?.sessionId, path: error.path }
  const sqlState = codeOfError(cause) ?? ''
  if (sqlState === unstorableText) return refuse('INVALID_INPUT', 'Text must not contain U+0000.')
  if (isInvalidValue(sqlState)) {
    log.warn({ ...fields, err: cause, sqlState }, 'database rejected a value')
    return refuse('INVALID_INPUT', 'A value is out of range or malformed.')
  }

  const outage = outages.report(cause, fields)
  if (outage) {
    const uncertain = operation === OperationTypeNode.MUTATION && (afterwards || outage === 'perhaps written')
    return uncertain ? outcomeUnknown() : unavailable(outages.retryAfterMs)
  }
  log.error({ ...fields, err: cause }, 'internal error masked')
  return refuse('INTERNAL', 'Something went wrong on the server.', { requestId })
}

const unstorableText = '22021'

/** SQLSTATE class 22, data exception: a value that the database cannot represent. */
const isInvalidValue = (sqlState: string) => /^22[0-9A-Z]{3}$/.test(sqlState)

const unavailable = (retryAfterMs: number) =>
  refuse('UNAVAILABLE', 'The server is busy or a part of it is unavailable; retry.', { retryAfterMs })

export const outcomeUnknown = () =>
  refuse('OUTCOME_UNKNOWN', 'The outcome is unknown; retry with the same key, or refetch.')

function causeOf(error: GraphQLError): Error {
  let cause: Error = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}

/**
 * GraphQL's own errors are about the request when it never began, or when they point at an argument; those that point
 * at a field, or nowhere, are about a value that a resolver returned.
 */
function isCallersFault(cause: GraphQLError, error: GraphQLError): boolean {
  if (!error.path) return true
  const kind = cause.nodes?.[0]?.kind
  return kind !== undefined && kind !== Kind.FIELD
}

function malformed(message: string): Refusal {
  const issue = variableIssue(message)
  return refuse('INVALID_INPUT', message, issue ? { issues: [issue] } : {})
}

/** GraphQL tells only in words which variable it could not read, such as `… at "input.content"; Expected …`. */
function variableIssue(message: string): Issue | null {
  const variable = message.match(/^Variable "\$(\w+)"/)?.[1]
  if (!variable) return null
  const nested = message.match(/ at "([\w.[\]]+)"; ([^;]*)$/)
  if (nested?.[1] && nested[2])
    return { path: nested[1].replaceAll('[', '.').replaceAll(']', ''), message: nested[2] }
  if (message.endsWith(' was not provided.')) return { path: variable, message: 'is required' }
  if (message.endsWith(' must not be null.')) return { path: variable, message: 'must not be null' }
  return { path: variable, message: message.match(/; ([^;]*)$/)?.[1] ?? message }
}
