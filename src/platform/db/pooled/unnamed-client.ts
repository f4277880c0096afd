import pg from 'pg'

type Query = (config: unknown, ...rest: unknown[]) => unknown

/**
 * A connection through a pooler in transaction mode. Each transaction may run in another session of PostgreSQL, which
 * does not know statements prepared by name; unnamed ones are prepared and executed in one message.
 */
export class UnnamedClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    const query = this.query.bind(this) as Query
    const unnamed: Query = (statement, ...rest) => query(withoutName(statement), ...rest)
    this.query = unnamed as typeof this.query
  }
}

function withoutName(statement: unknown): unknown {
  if (typeof statement !== 'object' || statement === null || !('name' in statement)) return statement
  const { name: _name, ...unnamed } = statement
  return unnamed
}
