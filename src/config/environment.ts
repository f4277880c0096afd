import { readFileSync } from 'node:fs'

type Environment = Readonly<Record<string, string | undefined>>

/** Values as given, with secrets read from their files, and what is wrong with those. */
export interface Given {
  values: Record<string, string>
  errors: string[]
}

/**
 * Drops unset variables, which composition files and CI pass as empty strings, and reads each secret that is given as the
 * path of a file, NAME_FILE.
 */
export function readEnvironment(env: Environment, secrets: readonly string[]): Given {
  const values = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== ''),
  )
  const errors: string[] = []
  for (const name of secrets) {
    const path = values[`${name}_FILE`]
    if (path === undefined) continue
    delete values[`${name}_FILE`]
    if (values[name] !== undefined) errors.push(`${name}: set it or ${name}_FILE, not both`)
    const found = readSecret(path)
    if (typeof found === 'string') values[name] = found
    else errors.push(`${name}_FILE: ${path} ${found.fault}`)
  }
  return { values, errors }
}

function readSecret(path: string): string | { fault: string } {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return text === '' ? { fault: 'is empty' } : text
  } catch (error) {
    return { fault: `cannot be read (${(error as NodeJS.ErrnoException).code})` }
  }
}

// Kubernetes and Docker set such variables for services in the same namespace, such as REDIS_PORT_6379_TCP.
const ofServices = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?|NAME|ENV_\w+)$/

const prefixOf = (name: string) => name.split('_')[0] ?? ''

/** Variables that look like settings and are none. Those that differ from a setting by two letters are errors. */
export function unknownVariables(
  given: Environment,
  settings: readonly string[],
): { errors: string[]; unknown: string[] } {
  const prefixes = new Set(settings.filter((name) => name.includes('_')).map(prefixOf))
  const known = new Set(settings)
  const [errors, unknown]: [string[], string[]] = [[], []]
  for (const name of Object.keys(given)) {
    if (known.has(name) || !name.includes('_') || !prefixes.has(prefixOf(name))) continue
    const meant = settings.find((setting) => setting.length > 6 && isMisspelt(name, setting))
    if (meant) errors.push(`${name}: unknown; ${meant} is meant`)
    else if (name.startsWith('LIMIT_')) errors.push(`${name}: unknown limit`)
    else if (!ofServices.test(name)) unknown.push(name)
  }
  return { errors, unknown }
}

const lettersMax = 2

/** Whether two names differ by at most two letters that are wrong, missing, added or, as one, swapped. */
function isMisspelt(name: string, setting: string): boolean {
  if (Math.abs(name.length - setting.length) > lettersMax) return false
  let [before, above]: [number[], number[]] = [[], Array.from({ length: setting.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= name.length; row += 1) {
    const line = [row]
    for (let at = 1; at <= setting.length; at += 1) {
      const isSame = name[row - 1] === setting[at - 1]
      const isSwapped = name[row - 1] === setting[at - 2] && name[row - 2] === setting[at - 1]
      line[at] = Math.min(
        (above[at] ?? 0) + 1,
        (line[at - 1] ?? 0) + 1,
        (above[at - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, above] = [above, line]
  }
  return (above[setting.length] ?? 0) <= lettersMax
}
