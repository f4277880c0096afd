/**
 * SQL, parts of a `with`: marks new or changed messages for fan-out and each topic of the outbox. `changed` names a part
 * with the id, version and revision of the conversations.
 */
export const marksOf = (changed: string) => `
  marked as (
    insert into delivery_mark (conversation_id, version, revision) select id, version, revision from ${changed}
  ), marked_for_topics as (
    insert into outbox_mark (topic, conversation_id, version)
    select t.name, c.id, c.version from ${changed} c cross join outbox_topic t where not t.after_delivery
  )`
