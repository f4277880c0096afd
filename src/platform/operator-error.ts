/** What the person who starts the server has to mend: told in words, with no stack. */
export class OperatorError extends Error {
  override name = 'OperatorError'
}
