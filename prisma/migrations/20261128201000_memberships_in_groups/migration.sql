-- The groups of a user, which only have a role, without their direct conversations: a catch-up asks for those with
-- delivery mode SIGNAL. Read positions are not in it, so updates of them stay HOT.
CREATE INDEX "membership_in_groups" ON "membership" ("user_id", "conversation_id") WHERE "role" IS NOT NULL;
