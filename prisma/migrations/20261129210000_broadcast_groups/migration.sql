-- Groups above a small size are delivered by the clock, without a row for each member.
ALTER TYPE "message_delivery_mode" ADD VALUE 'BROADCAST' BEFORE 'SIGNAL';

ALTER TABLE "membership" ADD COLUMN     "by_clock" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "acknowledgement" ADD COLUMN     "broadcast_tick" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "broadcasts" JSONB NOT NULL DEFAULT '{}';

ALTER TABLE "push_attempt" ADD COLUMN     "active_seq" INTEGER;

-- Another name, so that every delivery by an earlier version fails: it would deliver a broadcast group to no member.
ALTER TABLE "delivery" RENAME COLUMN "delivery_mode" TO "mode";

-- What Prisma cannot express follows.

CREATE INDEX "membership_by_clock_idx" ON "membership"("user_id") WHERE "by_clock";

CREATE OR REPLACE FUNCTION "move_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.delivery_mode = 'SIGNAL' THEN new.active_until := NULL;
  ELSIF new.max_seq = 0 THEN new.active_until := new.last_activity_at;
  ELSE new.active_until := new.last_activity_at + interval '1 hour';
  END IF;
  RETURN new;
END $$;

-- Copies what a membership has of its conversation. A change of the mode may leave active_until as it is.
CREATE OR REPLACE FUNCTION "copy_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE membership
  SET active_until = new.active_until, by_clock = new.delivery_mode <> 'INLINE', settled = false
  WHERE conversation_id = new.id;
  RETURN NULL;
END $$;
DROP TRIGGER "conversation_active_members" ON "conversation";
CREATE TRIGGER "conversation_active_members" AFTER UPDATE ON "conversation" FOR EACH ROW
WHEN (new.active_until IS DISTINCT FROM old.active_until OR new.delivery_mode <> old.delivery_mode)
EXECUTE FUNCTION "copy_active_until"();

CREATE OR REPLACE FUNCTION "inherit_active_until"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A statement that creates the conversation, too, does not see it yet; a trigger of the conversation follows.
  SELECT min(c.active_until), coalesce(bool_or(c.delivery_mode <> 'INLINE'), false) INTO new.active_until, new.by_clock
  FROM conversation c WHERE c.id = new.conversation_id;
  RETURN new;
END $$;

UPDATE "membership" m SET "by_clock" = true
FROM "conversation" c WHERE c."id" = m."conversation_id" AND c."delivery_mode" = 'SIGNAL';
