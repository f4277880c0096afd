/** An error that the operator must fix. It is printed without a stack. */
export class OperatorError extends Error {
  override name = 'OperatorError'
}
