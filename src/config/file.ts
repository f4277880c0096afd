import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { Given } from './environment.ts'

/** Reads the settings of a file with lines of NAME=value. Every name must be that of a setting. */
export function readSettingsFile(path: string, known: readonly string[]): Given {
  const text = readText(path)
  if (text === null) return { values: {}, errors: [`${path}: the configuration file cannot be read`] }
  const values = parseEnv(text) as Record<string, string>
  const errors = Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => `${name}: unknown setting in ${path}`)
  return { values, errors }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
