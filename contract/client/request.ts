/** An answer: data, a definite error, or an unknown outcome. */
export type Answer = { ph: 'ok'; data: Record<string, unknown> } | { ph: 'fail' | 'info'; code: string }

/** Longer than the server's own deadline, so that a request that hangs is seen to. */
const patienceMs = 20_000

/** Errors after which the operation may have taken place all the same. */
const indeterminate = new Set(['OUTCOME_UNKNOWN', 'INTERNAL'])

interface Body {
  data?: Record<string, unknown> | null
  errors?: { extensions?: { code?: string } }[]
}

/** Performs an operation over HTTP. A connection that breaks, and a status that is no answer, decide nothing. */
export async function request(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  token: string | null,
): Promise<Answer> {
  let body: Body
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    })
    body = (await response.json()) as Body
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === 'TimeoutError'
    return { ph: 'info', code: isTimeout ? 'TIMEOUT' : 'CONNECTION' }
  }
  const code = body.errors?.[0]?.extensions?.code
  if (code) return { ph: indeterminate.has(code) ? 'info' : 'fail', code }
  return body.data ? { ph: 'ok', data: body.data } : { ph: 'info', code: 'NO_DATA' }
}
