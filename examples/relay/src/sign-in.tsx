import { useState } from 'react'
import { session } from './parlance.ts'

export function SignIn() {
  const [handle, setHandle] = useState('alice')
  const [password, setPassword] = useState('')
  const [error, setError] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        session.login({ handle, password }).catch((cause: Error) => setError(cause.message))
      }}
    >
      <input aria-label="Handle" value={handle} onChange={(event) => setHandle(event.target.value)} />
      <input
        aria-label="Password"
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button type="submit">Sign in</button>
      <p role="alert">{error}</p>
    </form>
  )
}
