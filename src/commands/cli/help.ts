import { type Command, type CommandGroup, type Commands, commonOptions } from './command.ts'

/** Exit codes of every command. */
export const exitCodes: Readonly<Record<number, string>> = {
  0: 'The command succeeded.',
  1: 'It failed; standard error says why.',
  2: 'It was called incorrectly, or the configuration is invalid; nothing was done.',
}

/** Two columns, the second one aligned. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return rows.map(([name, meaning]) => `  ${name.padEnd(width)}${meaning}`).join('\n')
}

export function helpOfAll(commands: Commands, version: string): string {
  return [
    `Parlance ${version}`,
    'Usage: parlance COMMAND [OPTIONS]; without a command it is serve.',
    `Commands:\n${table(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}`,
    `Options:\n${table([
      ['--help', 'Explain a command, or list all.'],
      ['--version', 'Print the version.'],
    ])}`,
    'All settings are environment variables, or lines of a file named by --config or PARLANCE_CONFIG; see docs/configuration.md.',
  ].join('\n\n')
}

export function helpOfGroup(name: string, { summary, details, commands }: CommandGroup): string {
  return [
    `Usage: parlance ${name} COMMAND [OPTIONS]`,
    summary,
    ...(details ? [details] : []),
    `Commands:\n${table(Object.entries(commands).map(([word, command]) => [word, command.summary]))}`,
    `For help on one: parlance ${name} COMMAND --help`,
  ].join('\n\n')
}

export function usageOf(name: string, command: Command): string {
  const options = Object.entries(command.options ?? {}).map(([option, { value, required }]) => {
    const given = value ? `--${option} ${value}` : `--${option}`
    return required ? given : `[${given}]`
  })
  return ['parlance', name, ...(command.arguments ?? []), ...options].join(' ')
}

export function helpOf(name: string, command: Command): string {
  const options = Object.entries({ ...command.options, ...commonOptions }).map(
    ([option, { value, meaning }]) => [`--${option}${value ? ` ${value}` : ''}`, meaning] as const,
  )
  const codes = Object.entries({ ...exitCodes, ...command.exitCodes })
  return [
    `Usage: ${usageOf(name, command)}`,
    command.summary,
    ...(command.details ? [command.details] : []),
    `Options:\n${table([...options, ['--help', 'Print this text.']])}`,
    `Exit codes:\n${table(codes)}`,
  ].join('\n\n')
}
