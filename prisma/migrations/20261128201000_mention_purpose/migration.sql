-- On its own: a transaction cannot use a value that it adds.
ALTER TYPE "push_purpose" ADD VALUE 'MENTION';
