/**
 * SQL, part of a `with`: marks new or changed messages for the topics of the outbox that need no delivery. `changed` names
 * a part with the id and version of the conversations.
 */
export const marksOf = (changed: string) => `
  marked_for_topics as (
    insert into outbox_mark (topic, conversation_id, version)
    select t.name, c.id, c.version from ${changed} c cross join outbox_topic t where not t.after_delivery
  )`
