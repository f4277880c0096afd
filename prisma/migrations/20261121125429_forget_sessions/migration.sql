-- When a session was over: what is forgotten each night is found by it.
CREATE INDEX "session_over_idx" ON "session" (LEAST("ended_at", "expires_at"));
