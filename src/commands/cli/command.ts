import type { Config } from '../../config.ts'
import type { Output } from './output.ts'

/** An option of a command, `--name` or `--name VALUE`. */
export interface Option {
  /** Name of the value in the help; absent for a switch. */
  value?: string
  meaning: string
  /** The command is refused without it. */
  required?: true
}

/** What a command was called with, checked against its specification. */
export interface Input {
  arguments: string[]
  /** Values of the given options. */
  values: Readonly<Record<string, string>>
  /** Names of the given switches. */
  switches: ReadonlySet<string>
}

/** Runs a command and returns its exit code. */
export type Run = (config: Config, input: Input, output: Output) => Promise<number>

export interface Command {
  /** One line for the list of commands. */
  summary: string
  /** Further paragraphs of the command's own help. */
  details?: string
  /** Names of the required arguments, in upper case. A name in lower case is a word to be given as it is. */
  arguments?: readonly string[]
  options?: Readonly<Record<string, Option>>
  /** Exit codes besides 0, 1 and 2. */
  exitCodes?: Readonly<Record<number, string>>
  /** Imports the command when it is called: `migrate` needs none of the server. */
  load: () => Promise<Run>
}

/** Commands under one word, such as `admin password`. */
export interface CommandGroup {
  summary: string
  details?: string
  commands: Readonly<Record<string, Command>>
}

export type Commands = Readonly<Record<string, Command | CommandGroup>>

/** Options of every command. */
export const commonOptions: Readonly<Record<string, Option>> = {
  config: {
    value: 'FILE',
    meaning: 'Read settings from a file with lines of NAME=value; the environment takes precedence.',
  },
}

export const json: Option = { meaning: 'Print the result as one JSON object.' }
