import { randomUUID } from 'node:crypto'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { parse } from 'graphql'
import pg from 'pg'
import { expect, vi } from 'vitest'
import { graphql } from '../generated/gql.ts'
import type { MessageSearchFilter, MessageSearchOrder } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'

const SearchMessages = graphql(`
  query SearchMessages(
    $query: String
    $filter: MessageSearchFilter
    $order: MessageSearchOrder
    $first: Int
    $after: String
  ) {
    searchMessages(query: $query, filter: $filter, order: $order, first: $first, after: $after) {
      edges {
        cursor
        node {
          message {
            ...MessageParts
          }
          conversation {
            id
          }
          highlights {
            snippet
            ranges {
              start
              length
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const SearchSuggestions = graphql(`
  query SearchSuggestions($prefix: String!, $first: Int) {
    searchSuggestions(prefix: $prefix, first: $first)
  }
`)

export interface SearchArgs {
  filter?: MessageSearchFilter
  order?: MessageSearchOrder
  first?: number
  after?: string | null
}

export async function search(person: Person, query: string | null, args: SearchArgs = {}) {
  return (await person.do(SearchMessages, { query, ...args })).searchMessages
}

/** The texts found, in order. */
export async function finds(person: Person, query: string | null, args: SearchArgs = {}): Promise<string[]> {
  const { edges } = await search(person, query, args)
  return edges.map(({ node }) => node.message.plainText)
}

/** The highlighted parts of the results. */
export async function marks(person: Person, query: string): Promise<string[]> {
  const { edges } = await search(person, query)
  return edges.flatMap(({ node }) =>
    node.highlights.flatMap(({ snippet, ranges }) =>
      ranges.map(({ start, length }) => snippet.slice(start, start + length)),
    ),
  )
}

export async function suggestions(person: Person, prefix: string, first?: number) {
  return (await person.do(SearchSuggestions, { prefix, first })).searchSuggestions
}

// The default limit of aliases in a document.
const sendsPerRequest = 15

/** Sends texts in order, several in one mutation, since a request for each would take most of the time. */
export async function sendsAll(person: Person, conversationId: string, texts: readonly string[]) {
  for (let at = 0; at < texts.length; at += sendsPerRequest) {
    const fields = texts.slice(at, at + sendsPerRequest).map((text, index) => {
      const input = { conversationId, clientMessageId: randomUUID(), content: { text } }
      return { name: `m${index}`, input }
    })
    const document = `mutation (${fields.map(({ name }) => `$${name}: SendMessageInput!`).join(', ')}) {
      ${fields.map(({ name }) => `${name}: sendMessage(input: $${name}) { message { id } }`).join(' ')}
    }`
    const variables = Object.fromEntries(fields.map(({ name, input }) => [name, input]))
    const sendAll: TypedDocumentNode<object, Record<string, unknown>> = parse(document)
    await person.do(sendAll, variables)
  }
}

/** Waits until all changes are indexed. */
export async function indexed(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const marked = async () =>
      (await client.query("select from outbox_mark where topic = 'search' limit 1")).rowCount
    await vi.waitFor(async () => expect(await marked()).toBe(0), { timeout: 20_000, interval: 20 })
  } finally {
    await client.end()
  }
}
