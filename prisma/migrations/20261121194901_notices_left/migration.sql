-- AlterEnum
ALTER TYPE "push_purpose" ADD VALUE 'LEFT';
