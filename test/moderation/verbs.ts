import { beforeAll } from 'vitest'
import { graphql } from '../generated/gql.ts'
import type { ReportOutcome, ReportReason, ReportStatus } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

graphql(`
  fragment ReportParts on Report {
    id
    message {
      ...MessageParts
      senderName
      recalledBy {
        id
      }
      readerCount
      readBy(first: 1) {
        edges {
          node {
            id
          }
        }
      }
      revisions {
        replacedAt
      }
    }
    reportedText
    reporter {
      id
    }
    reason
    automatic
    note
    status
    outcome
    resolvedBy {
      id
    }
    resolvedAt
    createdAt
  }
`)

const ReportMessage = graphql(`
  mutation ReportMessage($messageId: ID!, $reason: ReportReason!, $note: String) {
    reportMessage(input: { messageId: $messageId, reason: $reason, note: $note }) {
      message {
        id
      }
    }
  }
`)

const Reports = graphql(`
  query Reports($status: ReportStatus, $first: Int, $after: String) {
    reports(status: $status, first: $first, after: $after) {
      edges {
        node {
          ...ReportParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const ResolveReport = graphql(`
  mutation ResolveReport($id: ID!, $outcome: ReportOutcome!, $note: String) {
    resolveReport(input: { reportId: $id, outcome: $outcome, note: $note }) {
      report {
        ...ReportParts
      }
    }
  }
`)

const SuspendUser = graphql(`
  mutation SuspendUser($userId: ID!, $until: DateTime, $reason: String!) {
    suspendUser(input: { userId: $userId, until: $until, reason: $reason }) {
      user {
        ...UserParts
      }
    }
  }
`)

const RestoreUser = graphql(`
  mutation RestoreUser($userId: ID!) {
    restoreUser(input: { userId: $userId }) {
      user {
        ...UserParts
      }
    }
  }
`)

const AuditLog = graphql(`
  query AuditLog($first: Int, $after: String) {
    auditLog(first: $first, after: $after) {
      edges {
        node {
          id
          actor {
            id
          }
          action
          subject
          detail
          at
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const Moderator = graphql(`
  query Moderator {
    me {
      moderator
    }
  }
`)

export const reportsMessage = async (
  person: Person,
  { id: messageId }: { id: string },
  reason: ReportReason = 'ABUSE',
  note?: string,
) => (await person.do(ReportMessage, { messageId, reason, note })).reportMessage.message

interface Page {
  first?: number
  after?: string | null
}

export const reportsPage = async (person: Person, page: Page & { status?: ReportStatus } = {}) =>
  (await person.do(Reports, page)).reports

/** The reports of one message. */
export const reportsOf = async (person: Person, { id }: { id: string }, status: ReportStatus = 'OPEN') =>
  (await reportsPage(person, { status, first: 100 })).edges
    .map(({ node }) => node)
    .filter((report) => report.message.id === id)

/** The one report of a message. */
export async function reportOf(person: Person, message: { id: string }, status: ReportStatus = 'OPEN') {
  const [report, ...others] = await reportsOf(person, message, status)
  if (!report || others.length > 0) throw new Error('Expected exactly one report.')
  return report
}

export const resolves = async (
  person: Person,
  { id }: { id: string },
  outcome: ReportOutcome,
  note?: string,
) => (await person.do(ResolveReport, { id, outcome, note })).resolveReport.report

export const suspends = async (
  person: Person,
  { id: userId }: { id: string },
  { until = null, reason = 'He sold watches.' }: { until?: Date | null; reason?: string } = {},
) => (await person.do(SuspendUser, { userId, until: until?.toISOString() ?? null, reason })).suspendUser.user

export const restores = async (person: Person, { id: userId }: { id: string }) =>
  (await person.do(RestoreUser, { userId })).restoreUser.user

export const auditPage = async (person: Person, page: Page = {}) => (await person.do(AuditLog, page)).auditLog

/** Audit entries of one subject, newest first. */
export const auditOf = async (person: Person, { id }: { id: string }) =>
  (await auditPage(person, { first: 100 })).edges
    .map(({ node }) => node)
    .filter((entry) => entry.subject === id)

export const isModerator = async (person: Person) => (await person.do(Moderator, {})).me.moderator

/** A world with two moderators, who register first. */
export function useModeratedWorld(env: Record<string, string> = {}) {
  const moderated = { ADMIN_HANDLES: 'molly.c, Max.D', DIRECT_MESSAGES_FROM: 'everyone', ...env }
  const world = useWorld(moderated)
  const present: Person[] = []
  beforeAll(async () => {
    present.push(await world.person('molly'), await world.person('max'))
  })
  const one = (index: number) => {
    const person = present[index]
    if (!person) throw new Error('The moderators register before the first test.')
    return person
  }
  return { world, molly: () => one(0), max: () => one(1) }
}
