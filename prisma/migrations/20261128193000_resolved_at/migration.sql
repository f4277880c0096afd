-- Not for a rolling update: stop the servers of the earlier version first. See docs/operations.md, "Update". A server of
-- the earlier version that still runs fails on the statements that name the column, and changes nothing.
ALTER TABLE "friend_request" RENAME COLUMN "settled_at" TO "resolved_at";
ALTER TABLE "join_request" RENAME COLUMN "settled_at" TO "resolved_at";
