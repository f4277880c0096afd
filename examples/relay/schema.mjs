// Fetches the schema that the compiler needs from the server.

import { writeFile } from 'node:fs/promises'

const response = await fetch('http://localhost:4000/schema.graphql')
await writeFile('schema.graphql', await response.text())
