import { answerMessages } from './answers.mjs'
import { startClient } from './parlance.mjs'

const client = await startClient()
answerMessages(client)
process.stdout.write('The bot answers messages to @echo-bot.\n')
