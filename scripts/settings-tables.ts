import { z } from 'zod'
import { secretSettings, settings } from '../src/config.ts'

const marker = /<!-- settings from (\w+) -->\n[\s\S]*?<!-- end -->/g

/** Renders the tables of settings in a document. A table ends at the setting at which the next one starts. */
export function withSettingsTables(document: string): string {
  const names = Object.keys(settings.shape) as (keyof typeof settings.shape)[]
  const starts = [...document.matchAll(marker)].map(([, name]) => {
    const start = names.indexOf(name as (typeof names)[number])
    if (start === -1) throw new Error(`${name} is not a setting`)
    return start
  })
  const bounds = [...starts, names.length].sort((a, b) => a - b)
  if (bounds[0] !== 0) throw new Error(`no table begins with ${names[0]}`)
  let table = 0
  return document.replace(marker, (_, name) => {
    const start = starts[table++] as number
    const end = bounds.find((bound) => bound > start)
    return `<!-- settings from ${name} -->\n${tableOf(names.slice(start, end))}\n<!-- end -->`
  })
}

function tableOf(names: (keyof typeof settings.shape)[]): string {
  const rows = names.map((name) => {
    const setting: z.ZodType = settings.shape[name]
    const fallback = setting.safeParse(undefined).data
    const initial = fallback === undefined || String(fallback) === '' ? '' : `\`${String(fallback)}\``
    return `| \`${name}\` | ${initial} | ${allowed(setting)} | ${setting.description}${fileOf(name)} |`
  })
  return ['| Variable | Default | Allowed | Meaning |', '|---|---|---|---|', ...rows].join('\n')
}

const fileOf = (name: string) => (secretSettings.includes(name) ? ` Or \`${name}_FILE\`.` : '')

function allowed(setting: z.ZodType): string {
  if (setting instanceof z.ZodDefault || setting instanceof z.ZodOptional)
    return allowed(setting.unwrap() as z.ZodType)
  if (setting instanceof z.ZodNumber) return `${setting.minValue} to ${setting.maxValue}`
  if (setting instanceof z.ZodEnum) return setting.options.map((value) => `\`${value}\``).join(', ')
  if (setting instanceof z.ZodCodec) return '`true`, `false`'
  return ''
}
