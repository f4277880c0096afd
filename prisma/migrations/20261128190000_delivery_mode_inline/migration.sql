-- Not for a rolling update: stop the servers of the earlier version first. See docs/operations.md, "Update".
--
-- A server of the earlier version that still runs fails on each statement that names the value or the type. The new
-- name of the type matters: without it, such a server would take INLINE for SIGNAL and deliver to nobody. With it, its
-- delivery is rolled back and the mark stays for a server of this version.
ALTER TYPE "delivery_mode" RENAME VALUE 'DIRECT' TO 'INLINE';
ALTER TYPE "delivery_mode" RENAME TO "message_delivery_mode";
