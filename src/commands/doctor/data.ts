import { type Check, error, type Found, warning } from './finding.ts'

interface DataCheck {
  /** SQL: one row per fault, with its subject as text. */
  faults: string
  /** What is wrong with these many. */
  problem: (count: string) => string
  mend: string
  isWarning?: true
}

const restore =
  'Rows were changed by hand, or the database was restored in part: restore a backup, or correct them with all servers stopped.'

/** Rules of the data that every transaction keeps. Each is one statement, so that it sees one moment. */
export const dataChecks: Readonly<Record<string, DataCheck>> = {
  'message numbers': {
    faults: `
      select c.id as subject from conversation c
      left join (select conversation_id, count(*) as n, min(seq) as first, max(seq) as last from message group by 1) m
        on m.conversation_id = c.id
      where c.max_seq <> coalesce(m.n, 0) or c.max_seq <> coalesce(m.last, 0) or coalesce(m.first, 1) <> 1
      union all
      select distinct m.conversation_id from message m
      where not exists (select from conversation c where c.id = m.conversation_id)`,
    problem: (count) =>
      `The messages of ${count} conversations are not numbered from 1 to the latest without a gap.`,
    mend: restore,
  },
  'message order': {
    faults: `
      select conversation_id as subject from (
        select conversation_id, ordinal,
               count(*) filter (where kind <> 'SYSTEM') over (partition by conversation_id order by seq) as expected
        from message
      ) numbered
      where ordinal <> expected group by conversation_id`,
    problem: (count) =>
      `Unread counts are wrong in ${count} conversations: an ordinal is not the count of messages.`,
    mend: restore,
  },
  'message counts': {
    faults: `
      select c.id as subject from conversation c
      where c.message_count <> coalesce(
        (select m.ordinal from message m where m.conversation_id = c.id order by m.seq desc limit 1), 0)`,
    problem: (count) => `message_count is wrong in ${count} conversations.`,
    mend: restore,
  },
  'message versions': {
    faults: `
      select c.id as subject from conversation c
      where c.version < (select max(m.version) from message m where m.conversation_id = c.id)`,
    problem: (count) => `${count} conversations have messages of a later version than their own.`,
    mend: restore,
  },
  'member counts': {
    faults: `
      select c.id as subject from conversation c
      where c.kind = 'GROUP'
        and c.member_count <> (select count(*) from membership m where m.conversation_id = c.id)`,
    problem: (count) => `member_count is wrong in ${count} groups.`,
    mend: 'Set it to the number of members of the group, with all servers stopped.',
  },
  'delivery modes': {
    faults: `
      select m.conversation_id || ' ' || m.user_id as subject
      from membership m join conversation c on c.id = m.conversation_id
      where m.by_clock <> (c.delivery_mode <> 'INLINE')`,
    problem: (count) => `${count} memberships have another delivery mode than their conversation.`,
    mend: "Set by_clock of the membership to whether delivery_mode of the conversation is not 'INLINE', and restart the servers.",
  },
  'read positions': {
    faults: `
      select m.conversation_id || ' ' || m.user_id as subject
      from membership m join conversation c on c.id = m.conversation_id
      where m.read_seq not between 0 and c.max_seq or m.delivered_seq not between 0 and c.max_seq
        or m.read_count not between 0 and c.message_count`,
    problem: (count) => `${count} read positions are beyond the end of their conversation.`,
    mend: 'Lower read_seq, delivered_seq and read_count of the membership to those of the conversation.',
  },
  streams: {
    faults: `
      select e.user_id as subject from inbox_entry e left join user_stream s on s.user_id = e.user_id
      group by e.user_id, s.seq having max(e.seq) > coalesce(s.seq, 0)
      union all
      select s.user_id from user_stream s
      where s.history <> 0 and not exists (select from history h where h.ordinal = s.history)`,
    problem: (count) =>
      `The streams of ${count} users have entries beyond their latest number, or an unknown history.`,
    mend: restore,
  },
  delivery: {
    faults: `
      select conversation_id as subject from delivery_mark
      where marked_at < clock_timestamp() - interval '1 minute' group by conversation_id`,
    problem: (count) => `Changes of ${count} conversations have not been delivered for more than a minute.`,
    mend: 'Start a server. If one runs, its log says why deliveries fail; a server of an earlier version cannot deliver.',
  },
  search: {
    faults: `
      select conversation_id as subject from outbox_mark
      where topic = 'search' and marked_at < clock_timestamp() - interval '1 minute' group by conversation_id`,
    problem: (count) =>
      `Search is behind: ${count} conversations have not been indexed for more than a minute.`,
    mend: 'A running server catches up. If the number does not fall, its log says why; check Meilisearch.',
    isWarning: true,
  },
  followers: {
    faults: `
      select topic as subject from outbox_mark
      where topic <> 'search' and topic not like 'search %' and marked_at < clock_timestamp() - interval '10 minutes'
      group by topic`,
    problem: (count) =>
      `${count} topics of the outbox, such as push or a webhook, are more than ten minutes behind.`,
    mend: 'A running server catches up. If it does not, its log says which receiver fails.',
    isWarning: true,
  },
  jobs: {
    faults: `
      select task_identifier as subject from graphile_worker.jobs
      where attempts >= max_attempts and locked_at is null`,
    problem: (count) => `${count} jobs failed finally.`,
    mend: 'Read last_error in graphile_worker.jobs, mend the cause, and repeat them: select graphile_worker.reschedule_jobs(array_agg(id), attempts := 0) from graphile_worker.jobs where attempts >= max_attempts.',
    isWarning: true,
  },
}

const examplesMax = 3

export function dataCheck({ faults, problem, mend, isWarning }: DataCheck): Check {
  return async ({ sql }): Promise<Found[]> => {
    const [found] = await sql.query<{ count: number; examples: string[] }>(
      `with found as materialized (${faults})
       select count(*)::integer as count,
              array(select distinct subject from found order by subject limit ${examplesMax}) as examples
       from found`,
    )
    if (!found || found.count === 0) return []
    const more = found.count > found.examples.length ? ' …' : ''
    const text = `${problem(found.count.toLocaleString('en'))} (${found.examples.join(', ')}${more})`
    return [(isWarning ? warning : error)(text, mend)]
  }
}
