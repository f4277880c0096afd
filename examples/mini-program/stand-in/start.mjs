// npm start [-- HANDLE PASSWORD]   runs the mini-program in the terminal: it opens the first conversation and sends each line

import { createInterface } from 'node:readline'
import { startProgram } from './program.mjs'

const [handle = 'alice', password = 'correct horse battery'] = process.argv.slice(2)
const print = (line) => process.stdout.write(`${line}\n`)
let printed = 0
let ready = () => {}
const opened = new Promise((resolve) => {
  ready = resolve
})

const program = await startProgram(undefined, ({ rows, open, messages, error }) => {
  if (error) print(error)
  if (open) ready()
  else if (rows[0]) program.opens(rows[0].id)
  for (const { seq, name, plainText } of messages) {
    if (seq <= printed) continue
    printed = seq
    print(`${name} ${plainText}`.trim())
  }
})
program.types('handle', handle)
program.types('password', password)
program.page.onSignIn()
await opened
const { open, rows } = program.page.data
print(`${handle} has opened the conversation ${rows.find(({ id }) => id === open).title}. Each line is sent.`)
for await (const line of createInterface({ input: process.stdin })) {
  program.types('text', line)
  program.page.onSend()
}
program.close()
