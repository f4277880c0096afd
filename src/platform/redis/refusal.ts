/** Why Redis refuses commands, by the code of its error replies. An operator has to act. */
const reasons: Readonly<Record<string, string>> = {
  OOM: 'out of memory',
  READONLY: 'read-only replica',
  NOPERM: 'no permission',
  NOAUTH: 'no authentication',
  WRONGPASS: 'wrong password',
  MISCONF: 'cannot write to its disk',
  NOREPLICAS: 'too few replicas',
  MASTERDOWN: 'replica without primary',
  CLUSTERDOWN: 'cluster down',
  LOADING: 'loading its data',
  BUSY: 'busy with a script',
}

// The library handles this one: it sends the script itself.
const handled = new Set(['NOSCRIPT'])

/** The code of an error reply: one of the known ones or OTHER; null if the error is not a refusal by Redis. */
export function refusalCode(error: unknown): string | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null
  const code = error.message.match(/^[A-Z]+/)?.[0] ?? ''
  if (handled.has(code)) return null
  // Of a command in a script, Redis reports a missing permission with the code ERR.
  if (/^ERR .*can't run this command|can't access/.test(error.message)) return 'NOPERM'
  return code in reasons ? code : 'OTHER'
}

export const refusalReason = (code: string): string => reasons[code] ?? 'refuses commands'
